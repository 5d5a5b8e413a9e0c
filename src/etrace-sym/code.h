/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code of an ELF file by sections.
 */
#ifndef ETRACE_SYM_CODE_H
#define ETRACE_SYM_CODE_H

#include "elf.h"

struct section {
	const char *name;
	uint64_t addr, size, align;
	const uint8_t *bytes;		/* NULL: it has no contents */
};
const struct section *code_sections(const struct elf *e, size_t *n);
const struct section *code_section(const struct elf *e, uint64_t addr);
static inline bool code_is_relocated(const struct section *s, uint64_t off, size_t *hint) { (void)s; (void)off; (void)hint; return false; }
static inline bool code_any_relocated(const struct section *s, uint64_t off, size_t n, size_t *hint) { (void)s; (void)off; (void)n; (void)hint; return false; }

#endif
