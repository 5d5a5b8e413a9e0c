/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a conditional branch is, by machine.
 */
#ifndef ETRACE_SYM_ISA_H
#define ETRACE_SYM_ISA_H

#include "opcodes.h"

/* What mnemonics have of a condition: patterns of fnmatch(3), with FNM_EXTMATCH. */
#define ARM_CONDITION "@(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)"
#define PPC_CONDITION "@(lt|gt|eq|so|ge|le|ne|ns|un|nu|nl|ng|t|f|dnz?(t|f)|dz?(t|f))"
#define S390_CONDITION "@(o|h|nle|l|nhe|lh|ne|e|nlh|he|nl|le|nh|no|p|m|z|nz|np|nm)"

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
