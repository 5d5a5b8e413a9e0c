/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a branch in the code of an ELF file goes, which in an object file its relocations say.
 */
#ifndef ETRACE_SYM_TARGET_H
#define ETRACE_SYM_TARGET_H

#include "code.h"
#include "opcodes.h"

/*
 * The linked address that X, which was read from S of E at its linked address ADDR and has an address, goes to.  False
 * if that is in another file, which only a loader finds.
 */
bool target_find(const struct elf *e, const struct section *s, uint64_t addr, const struct insn *x, uint64_t *to);

#endif
