/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Relocations of an object file's code: which bytes they change, and what symbol they refer to.
 */
#ifndef ETRACE_SYM_RELOC_H
#define ETRACE_SYM_RELOC_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the bytes that it changed say which address they refer to: refer.h. */
enum reloc_kind {
	RELOC_OPAQUE,		/* they do not, or it is not known how */
	RELOC_BRANCH,		/* an instruction that goes there: a call, a jump, a conditional branch */
	RELOC_RELATIVE,		/* relative to where they are */
	RELOC_ABSOLUTE,
	RELOC_PAGE,		/* its page of 4096 bytes */
	RELOC_LOW,		/* some of its lowest 12 bits */
};

struct reloc {
	uint64_t off;		/* in its section */
	uint32_t type;		/* as the ELF file has it */
	uint8_t bytes;		/* that it changes, from OFF on; 0: none */
	enum reloc_kind kind;	/* RELOC_OPAQUE but for AArch64 and x86-64 */
	bool has_addend;	/* SHT_RELA; of SHT_REL the addend is in the bytes, in a way of the type's */
	int64_t addend;
	/* The symbol that it refers to: undefined, or in a section of the same file. */
	const char *undefined;	/* its name, libelf's; NULL: defined */
	uint32_t section;	/* the section's number; 0 for none: undefined or absolute */
	uint64_t value;		/* the symbol's linked address, without the addend; 0 if undefined */
};

/* The relocations of one section, read when they are first asked for. */
struct relocs;

/* Those of section NUMBER of ELF, an object file whose sections were given addresses; ELF stays the caller's. */
struct relocs *relocs_new(Elf *elf, size_t number);
void relocs_free(struct relocs *r);

/* How many there are. */
size_t relocs_n(struct relocs *r);

/* The one with that number, in the order of their offsets. */
struct reloc relocs_get(struct relocs *r, size_t i);

/* The number of the first whose bytes end after OFF; relocs_n() if there is none. */
size_t relocs_after(struct relocs *r, uint64_t off);

/* Whether any of the N bytes from OFF on is changed by one. */
bool relocs_change(struct relocs *r, uint64_t off, size_t n);

#endif
