/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code of an ELF file by sections, as the file has it: nothing is relocated.
 */
#ifndef ETRACE_SYM_CODE_H
#define ETRACE_SYM_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf.h"
#include "refer.h"
#include "reloc.h"

/* A section with code; of a file without section headers, what it has of an executable segment. */
struct section {
	const char *name;		/* libelf's; "" for a segment */
	size_t number;			/* in the file; 0 for a segment */
	uint64_t addr, size, align;	/* linked; align: 1 or more */
	const uint8_t *bytes;		/* SIZE of them, libelf's; NULL: it has no contents */
	struct relocs *relocs;		/* those of its bytes that differ where they run; NULL: none */
};

/* Finds them: for elf_open() and elf_close(). */
void code_open(struct elf *e);
void code_close(struct elf *e);

/* All of them, *N, in the order of their addresses. */
const struct section *code_sections(const struct elf *e, size_t *n);

/* The one that ADDR is in, or NULL. */
const struct section *code_section(const struct elf *e, uint64_t addr);

/* Whether S, which may be NULL, is one of a linker's stubs for functions of other objects. */
bool code_is_plt(const struct section *s);

/* Whether byte OFF of S may be another one where it runs, or any of the N bytes from OFF on. */
static inline bool code_any_relocated(const struct section *s, uint64_t off, size_t n)
{
	return s->relocs && relocs_change(s->relocs, off, n);
}

static inline bool code_is_relocated(const struct section *s, uint64_t off)
{
	return code_any_relocated(s, off, 1);
}

/*
 * The linked address of the function or variable NAME that E has for others, global or weak, without *ADDR being in
 * code of necessity; false if there is none.  It is made ready for many such questions by the first one.
 */
bool code_symbol(struct elf *e, const char *name, uint64_t *addr);

#endif
