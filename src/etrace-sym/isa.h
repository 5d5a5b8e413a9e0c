/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a conditional branch is, by machine.
 */
#ifndef ETRACE_SYM_ISA_H
#define ETRACE_SYM_ISA_H

#include "opcodes.h"

struct isa;

/* The machine with this number of ELF's (e_machine); NULL for one whose branches are not known. */
const struct isa *isa_find(int machine);

enum branch {
	BRANCH_NONE,
	BRANCH_DIRECT,		/* on a condition, to the address that the instruction has */
	BRANCH_RETURN,		/* on a condition, to where the function was called from */
};

/* What X is; fills in x->delay where libopcodes does not say it. */
enum branch isa_branch(const struct isa *isa, struct insn *x);

#endif
