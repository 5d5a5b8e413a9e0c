/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What bytes that a relocation changed say of the address that they refer to, for AArch64 and x86-64 (AAELF64, 5.7;
 * System V ABI, AMD64 supplement, 4.4.1).
 */
#ifndef ETRACE_SYM_REFER_H
#define ETRACE_SYM_REFER_H

#include "reloc.h"

/* How relocations of that TYPE do it. */
enum reloc_kind refer_kind(int machine, uint32_t type);

/*
 * What the bytes at P, which R changed and the guest has at address AT, say of the address that they refer to, the
 * symbol's plus the addend: *ADDR in the bits that *MASK has.  False if they say nothing.
 */
bool reloc_refers(const struct reloc *r, int machine, const uint8_t *p, uint64_t at, uint64_t *addr, uint64_t *mask);

#endif
