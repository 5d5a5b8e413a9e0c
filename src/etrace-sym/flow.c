/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells from the text of instructions what they do to the flow of control.
 * in:  "bl\t40201824" of AArch64, the last one of a block
 * out: END_CALL, to 40201824
 */
#include "flow.h"

#include <elf.h>
#include <fnmatch.h>
#include <string.h>

/* Patterns of fnmatch(3), with FNM_EXTMATCH, for whole instructions with one blank after each word; NULL: none. */
struct flow {
	int machine;
	const char *call, *jump, *back, *trap, *resume;
	const char *maybe;	/* those of the ones above that depend on a condition and have no address */
	const char *again;	/* what may go on where it is itself, for as long as it takes */
	const char *indirect;	/* of those with an address, the ones that do not go there */
};

#define X86_PREFIX "*(bnd |notrack |data16 |addr32 |addr16 |rex* |[c-g]s |ss |lock |xacquire |xrelease )"
#define X86(row) { row, \
	.call = X86_PREFIX "?(l)call*", \
	.jump = X86_PREFIX "?(l)jmp*", \
	.back = X86_PREFIX "?(repz )?(l)ret*", \
	.trap = "@(syscall*|sysenter*|int *|int[13] *|ud[0-2]*|?bad?*)", \
	.resume = X86_PREFIX "@(iret*|sysret*|sysexit*|rsm|uiret) *", \
	.again = X86_PREFIX "@(rep|repz|repnz) @(movs|stos|lods|scas|cmps|ins|outs)*", \
	.indirect = "*[*]*" }

static const struct flow all[] = {
	X86(EM_386),
	X86(EM_X86_64),
	{ EM_AARCH64,
	  .call = "@(bl|blr|blra[ab]?(z)) *",
	  .jump = "@(b|b.al|b.nv|br|bra[ab]?(z)) *",
	  .back = "@(ret*|br x30) *",
	  .trap = "@(svc|hvc|smc|brk|hlt|udf|dcps?|.inst) *",
	  .resume = "@(eret*|drps) *" },
};

const struct flow *flow_find(int machine)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].machine == machine)
			return &all[i];
	return NULL;
}

static bool is(const char *text, const char *pattern)
{
	return pattern && !fnmatch(pattern, text, FNM_EXTMATCH);
}

static enum end kind(const struct flow *f, const char *text)
{
	return is(text, f->call) ? END_CALL : is(text, f->back) ? END_RETURN : is(text, f->jump) ? END_JUMP :
	       is(text, f->resume) ? END_RESUME : is(text, f->trap) ? END_TRAP : END_NONE;
}

/* What S does; its delay slot, if it has one, is filled in. */
static struct transfer transfer(const struct flow *f, struct step *s)
{
	enum branch branch = isa_branch(isa_find(f->machine), &s->insn);
	struct transfer t = { .end = kind(f, s->text) };

	if (is(s->text, f->again))
		return (struct transfer){ .end = END_JUMP, .conditional = true, .direct = true, .to = s->at };
	if (t.end == END_NONE && branch != BRANCH_NONE)
		t.end = branch == BRANCH_RETURN ? END_RETURN : END_JUMP;
	t.conditional = branch != BRANCH_NONE || is(s->text, f->maybe);
	t.direct = t.end != END_NONE && t.end != END_TRAP && s->insn.has_address && !is(s->text, f->indirect);
	t.to = t.direct ? s->insn.address : 0;
	return t;
}

struct transfer flow_end(const struct flow *f, struct step *s, size_t n)
{
	for (size_t i = n; i-- > 0 && i + 2 >= n;) {
		struct transfer t = transfer(f, &s[i]);

		t.by = i;
		if (t.end != END_NONE && i + 1 + s[i].insn.delay == n)
			return t;
	}
	return (struct transfer){ .end = END_NONE };
}
