/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells conditional branches from other instructions.  For some machines libopcodes says it; for the
 * others the mnemonic does.
 * in:  "b.lt\t40201a3c" of AArch64
 * out: BRANCH_DIRECT
 */
#include "isa.h"

#include <elf.h>
#include <fnmatch.h>
#include <string.h>

struct isa {
	int machine;
	/* Patterns of fnmatch(3), with FNM_EXTMATCH. */
	const char *direct;	/* of mnemonics; NULL: libopcodes says it */
	const char *returns;	/* of whole instructions, with one blank between words; NULL: none */
	const char *delayed;	/* of those mnemonics that have a delay slot; NULL: none */
};

#define M68K_CONDITION "@(hi|ls|cc|cs|ne|eq|vc|vs|pl|mi|ge|lt|gt|le)"

static const struct isa isas[] = {
	{ .machine = EM_386 },
	{ .machine = EM_X86_64 },
	{ .machine = EM_MIPS },
	{ .machine = EM_RISCV },
	{ .machine = EM_SPARC },
	{ .machine = EM_SPARC32PLUS },
	{ .machine = EM_SPARCV9 },
	{ EM_AARCH64, "@(b?(c).!(al|nv)|cb?(n)z|tb?(n)z)", NULL, NULL },
	{ EM_ARM, "@(b?(l)" ARM_CONDITION "?(.[nw])|cb?(n)z)",
	  "@(bx" ARM_CONDITION " lr|pop" ARM_CONDITION "?(.w) {*pc}|ldm?(fd|ia)" ARM_CONDITION "?(.w) *{*pc})", NULL },
	{ EM_PPC, "b" PPC_CONDITION "?(l)?(a)?([+-])", "b" PPC_CONDITION "lr?([+-])*", NULL },
	{ EM_PPC64, "b" PPC_CONDITION "?(l)?(a)?([+-])", "b" PPC_CONDITION "lr?([+-])*", NULL },
	{ EM_S390, "@(j?(g)" S390_CONDITION "|c?(l)?(g)@(r|i)j?(" S390_CONDITION ")|brc?(l)|brct?(g|h)|brx@(h|le)?(g))",
	  "b" S390_CONDITION "r %r14", NULL },
	{ EM_68K, "@(?(d)b" M68K_CONDITION "?([bswl])|dbf?(w)|fb*)", NULL, NULL },
	{ EM_SH, "b[ft]?([./]s)", NULL, "b[ft][./]s" },
	{ EM_ALPHA, "@(?(f)b@(eq|ne|lt|le|gt|ge)|blb[cs])", NULL, NULL },
};

const struct isa *isa_find(int machine)
{
	for (size_t i = 0; i < sizeof isas / sizeof *isas; i++)
		if (isas[i].machine == machine)
			return &isas[i];
	return NULL;
}

enum branch isa_branch(const struct isa *isa, struct insn *x)
{
	char text[128];

	if (!isa->direct)
		return x->conditional && x->has_address ? BRANCH_DIRECT : BRANCH_NONE;
	if (!x->has_address && !isa->returns)
		return BRANCH_NONE;
	insn_words(text, sizeof text, x);
	if (!x->has_address)
		return fnmatch(isa->returns, text, FNM_EXTMATCH) ? BRANCH_NONE : BRANCH_RETURN;
	text[strcspn(text, " ")] = 0;
	if (fnmatch(isa->direct, text, FNM_EXTMATCH))
		return BRANCH_NONE;
	x->delay = isa->delayed && !fnmatch(isa->delayed, text, 0);
	return BRANCH_DIRECT;
}
