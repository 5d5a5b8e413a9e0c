/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions that an ELF's symbol table knows: one a start address, the one that people mean
 * where there are aliases.
 */
#ifndef ETRACE_SYM_SYMTAB_H
#define ETRACE_SYM_SYMTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf.h"
#include "names.h"

struct symbol {
	uint64_t addr, end;	/* [addr, end) */
	uint32_t name;		/* names.h */
	uint8_t rank;		/* of aliases, the highest stays */
	uint8_t local;		/* bytes from addr to where callers of the same object enter it; 0: at addr, too */
	bool thumb, sized;
};

struct symtab {
	struct symbol *sym;	/* by address, not overlapping */
	size_t n;
	struct mode {
		uint64_t addr;
		char kind;	/* 'a' ARM, 't' Thumb, 'x' other code, 'd' data */
	} *mode;		/* mapping symbols, by address */
	size_t n_mode;
	bool thumb;		/* any of the functions is */
	const char **at_0;	/* all names of what is at address 0; libdw's */
	size_t n_at_0;
};

enum { SYM_NONE = UINT32_MAX };

void symtab_read(struct symtab *t, const struct elf *e, struct names *names);
void symtab_free(struct symtab *t);

/* The index of the function that ADDR is in, or SYM_NONE. */
uint32_t symtab_find(const struct symtab *t, uint64_t addr);

/* Whether a function has a second entry at ADDR, for callers of the same object. */
bool symtab_is_local_entry(const struct symtab *t, uint64_t addr);

/* The index of the first function at or after ADDR; t->n if there is none. */
size_t symtab_from(const struct symtab *t, uint64_t addr);

/* Whether what is at address 0 of the DWARF has the name NAME, or is a clone of that: NAME.part.0, or so. */
bool symtab_has_at_0(const struct symtab *t, const char *name);

/*
 * What the mapping symbols say is at ADDR: 'a' ARM, 't' Thumb, 'x' other code, 'd' data; 0 if they say
 * nothing.  Thumb is also known by the lowest bit of functions.
 */
char symtab_mode(const struct symtab *t, uint64_t addr);

/* Whether the code at ADDR is Thumb, as symtab_mode() says. */
bool symtab_is_thumb(const struct symtab *t, uint64_t addr);

#endif
