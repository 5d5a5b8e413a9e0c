/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line tables of an ELF file, one a compilation unit, read when first needed.
 */
#ifndef ETRACE_SYM_LINES_H
#define ETRACE_SYM_LINES_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf.h"

struct unit {
	Dwarf_Die die;		/* of the unit with the line table: a skeleton, if DWARF is split */
	Dwarf_Die tree;		/* of the unit with the functions: the same, or the split one */
	Dwarf_Lines *rows;	/* by address; NULL before unit_rows() */
	size_t n_rows;
	uint32_t *kept;		/* which rows of the table these are; NULL: all of them */
	bool read, twin;	/* twin: shares its table with an earlier unit */
	bool walked;		/* the tree was, once: what is wrong with it is noted */
};

struct lines {
	const struct elf *elf;
	struct unit *unit;
	size_t n_unit;
	bool *nameless;		/* by unit: that rows of it have no file is noted */
	struct span {
		uint64_t lo, hi;	/* [lo, hi) of ... */
		uint32_t unit;
	} *span;		/* by address */
	size_t n_span, cap_span;
};

/* Finds the units of E and where their code is.  E stays the caller's, and must outlive L. */
void lines_open(struct lines *l, const struct elf *e);
void lines_close(struct lines *l);

/* Reads a unit's line table, once.  False if it has none, or if an earlier unit has the same. */
bool unit_rows(struct lines *l, struct unit *u);

/* One row of a unit, as the DWARF line table has it, but for its address, which is the ELF file's. */
struct row {
	uint64_t addr;
	const char *file;	/* libdw's: one pointer for one file of a unit */
	uint32_t line;		/* 0: the compiler says that it belongs to none */
	uint32_t discriminator;	/* of blocks in one line */
	bool is_stmt, end;	/* end: of a sequence; there is no code at addr */
};
struct row unit_row(const struct lines *l, const struct unit *u, size_t i);

/*
 * The row that the code at ADDR belongs to: its index in *I, its unit returned; NULL if there is
 * none.
 */
struct unit *lines_find(struct lines *l, uint64_t addr, size_t *i);

/*
 * Where the range of U's code that ADDR is in ends; 0 if U has none there.  A row at the end of a range, as
 * compilers leave after a call that does not return, is in none.
 */
uint64_t lines_end(const struct lines *l, const struct unit *u, uint64_t addr);

/*
 * The first row, of any unit, whose code begins in [ADDR, END): its index in *I, its unit returned;
 * NULL if there is none.
 */
struct unit *lines_next(struct lines *l, uint64_t addr, uint64_t end, size_t *i);

#endif
