/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions that an ELF's symbol table knows: one a start address, the one that people mean
 * where there are aliases.
 */
#ifndef ETRACE_SYMTAB_H
#define ETRACE_SYMTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf.h"
#include "names.h"

struct symbol {
	uint64_t addr, end;	/* [addr, end), guest addresses */
	uint32_t name;		/* names.h */
	uint8_t rank;		/* of aliases, the highest stays */
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
};

enum { SYM_NONE = UINT32_MAX };

void symtab_read(struct symtab *t, const struct elf *e, struct names *names);
void symtab_free(struct symtab *t);

/* The index of the function that ADDR is in, or SYM_NONE. */
uint32_t symtab_find(const struct symtab *t, uint64_t addr);

/* The index of the first function at or behind ADDR; t->n if there is none. */
size_t symtab_from(const struct symtab *t, uint64_t addr);

/* Whether the code at ADDR is Thumb, as mapping symbols and functions' lowest bits say. */
bool symtab_is_thumb(const struct symtab *t, uint64_t addr);

#endif
