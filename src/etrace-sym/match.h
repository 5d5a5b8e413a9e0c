/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether code that ran is the code that an ELF file has at some address.
 */
#ifndef ETRACE_SYM_MATCH_H
#define ETRACE_SYM_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf.h"

enum match {
	MATCH_UNKNOWN,		/* the ELF file has no contents there */
	MATCH_OTHER,
	MATCH_SIMILAR,		/* at least half of the bytes are the same */
	MATCH_EQUAL,		/* but for what relocations change */
};

/*
 * Compares the N bytes at CODE with what E has at ADDR, as far as the section goes, if it runs BIAS higher than it was
 * linked: words that differ by that were relocated.
 */
enum match match_code(const struct elf *e, uint64_t addr, const uint8_t *code, size_t n, uint64_t bias);

/* The same, where it matters only whether it is MATCH_EQUAL. */
bool match_is_equal(const struct elf *e, uint64_t addr, const uint8_t *code, size_t n, uint64_t bias);

#endif
