/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells from the text of instructions what they do to the flow of control.
 * in:  "bl\t40201824" of AArch64, the last one of a block
 * out: END_CALL, to 40201824
 */
#include "flow.h"

#include <elf.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "token.h"

/* Patterns of fnmatch(3), with FNM_EXTMATCH, for whole instructions with one blank after each word; NULL: none. */
struct rules {
	int machine;
	const char *call, *back, *jump, *resume, *trap;		/* the first that it matches */
	const char *maybe;	/* those of the ones above that depend on a condition, as far as isa.h does not know */
	const char *indirect;	/* those that do not go to the address that they have */
	const char *again;	/* what may go to itself, for as long as it takes */
	const char *padding;	/* after an instruction that another one executes: QEMU has it at the address of that */
	const char *delayed;	/* what has a delay slot; NULL: libopcodes says it */
	const char *annulled;	/* whose delay slot is not executed if it does not branch, or if it always does */
	const char *links;	/* before a jump: that is a call */
	const char *unlinks;	/* in the delay slot of a call: that is a jump, for the caller's caller */
};

#define X86_PREFIX "*(bnd |notrack |data16 |addr32 |addr16 |rex* |[c-g]s |ss |lock |xacquire |xrelease )"
#define X86(row) { row, \
	.call = X86_PREFIX "?(l)call*", \
	.back = X86_PREFIX "?(repz )?(l)ret*", \
	.jump = X86_PREFIX "?(l)jmp*", \
	.resume = X86_PREFIX "@(iret*|sysret*|sysexit*|rsm|uiret) *", \
	.trap = "@(syscall*|sysenter*|int *|int[13] *|ud[0-2]*|?bad?*)", \
	.indirect = "*[*]*", \
	.again = X86_PREFIX "@(rep|repz|repnz) @(movs|stos|lods|scas|cmps|ins|outs)*" }

#define ARM_END "?(" ARM_CONDITION ")?(.[nw]) "
#define ARM_OPS "@(mov|mvn|add|adc|sub|sbc|rsb|rsc|and|orr|eor|bic|lsl|lsr|asr|ror|rrx)"
#define ARM_LOAD "@(pop|ldm?(ia|ib|da|db|fd))"
#define ARM_TRAP "@(svc|hvc|smc|bkpt|udf)"

#define PPC_BRANCH "b?(" PPC_CONDITION "|c)"
#define PPC(row) { row, \
	.call = PPC_BRANCH "@(l?(a)|ctrl|lrl|tarl)?([+-]) *", \
	.back = PPC_BRANCH "lr?([+-]) *", \
	.jump = PPC_BRANCH "?(a|ctr|tar)?([+-]) *", \
	.resume = "@(rfi?(d)|hrfid|rfci|rfdi|rfmci|rfscv|rfebb) *", \
	.trap = "@(sc?(v)|trap|.long) *", \
	.maybe = "b@(" PPC_CONDITION "|c)@(ctr|lr|tar)?(l)?([+-]) *" }

#define S390_MAYBE "@(ex?(rl)|bct?(g)?(r)|bx@(h|le)?(g)|c?(l)?(g)@(r|i)b?(" S390_CONDITION "))"

#define SPARC(row) { row, \
	.call = "call *", \
	.back = "@(ret?(l)|return|jmp %[io]7) *", \
	.jump = "@(?(f)b?(a)?(,a)?(,p[nt])|jmp?(l)) *", \
	.resume = "@(rett|done|retry) *", \
	.trap = "@(ta|unimp|illtrap) *", \
	.delayed = "@(call|ret?(l)|return|rett|jmp?(l)|?(f|c)b*) *", \
	.annulled = "*,a?(,*) *", \
	.unlinks = "@(restore*|@(mov|or) *, %o7 )" }

static const struct rules all[] = {
	X86(EM_386),
	X86(EM_X86_64),
	{ EM_AARCH64,
	  .call = "@(bl|blr|blra[ab]?(z)) *",
	  .back = "@(ret*|br x30) *",
	  .jump = "@(b|b.al|b.nv|br|bra[ab]?(z)) *",
	  .resume = "@(eret*|drps) *",
	  .trap = "@(svc|hvc|smc|brk|hlt|udf|dcps?|.inst) *" },
	{ EM_ARM,
	  .call = "bl?(x)" ARM_END "*",
	  .back = "@(@(bx" ARM_END "|mov" ARM_END "pc, )lr |" ARM_LOAD ARM_END "*{*pc} |ldr" ARM_END "pc, [[]sp], )*",
	  .jump = "@(b?(x?(j))" ARM_END "|tb[bh] |@(" ARM_OPS "|ldr)" ARM_END "pc, )*",
	  .resume = "@(rfe|eret|" ARM_OPS "s" ARM_END "pc, |" ARM_LOAD ARM_END "*{*pc}^ )*",
	  .trap = "@(" ARM_TRAP ARM_END "|?UNDEFINED?|[?][?])*",
	  .maybe = "@(b?(l)x?(j)|ldr|" ARM_OPS "?(s)|" ARM_LOAD "|" ARM_TRAP ")" ARM_CONDITION "?(.[nw]) *",
	  .indirect = "@(" ARM_OPS "|ldr)*",
	  .links = "mov" ARM_END "lr, pc *" },
	{ EM_RISCV,
	  .call = "jal?(r) @(@(ra|t0),*|*([!,]))",
	  .back = "@(ret|jr @(ra|t0)|cm.popret*) *",
	  .jump = "@(j|jr|jal|jalr) *",
	  .resume = "@(m|s|u|d|mn)ret *",
	  .trap = "@(ecall|ebreak|unimp|.[248]byte|.short|.word|.insn) *" },
	{ EM_MIPS,
	  .call = "@(jal?(x|s)|bal?(c)|b@(ltz|gez)al?(l)|jialc|jalr?(.hb) !(zero,*)) *",
	  .back = "@(@(jr?(c|.hb)|jalr?(.hb) zero,|jic) ra?(,0)|jr?(c)addiusp) *",
	  .jump = "@(jr?(c|.hb)|jx|jic|jalr?(.hb)|b?(c)|j) *",
	  .resume = "@(eret?(nc)|deret|rfe) *",
	  .trap = "@(syscall|break|sdbbp) *" },
	PPC(EM_PPC),
	PPC(EM_PPC64),
	SPARC(EM_SPARC),
	SPARC(EM_SPARC32PLUS),
	SPARC(EM_SPARCV9),
	{ EM_S390,
	  .call = "@(@(bras?(l)|bas|bal) %r14,|@(basr|balr|bassm) %r14,%r[!0])*",
	  .back = "br %r14 *",
	  .jump = "@(@(j?(g)|bras?(l)|ba[ls]|" S390_MAYBE ") |@(basr|balr|bassm) %r*,%r[!0]|"
		  "b?(" S390_CONDITION ")@(r %r[!0]| ))*",
	  .resume = "lpsw?(e|ey) *",
	  .trap = "svc *",
	  .indirect = "exrl *",
	  .padding = ".@(long|short|byte) 0x0*(0) ",
	  .maybe = "@(" S390_MAYBE "|b" S390_CONDITION "?(r)) *" },
	{ EM_68K,
	  .call = "@(jsr|bsr?([bswl])) *",
	  .back = "@(rts|rtd|rtr) *",
	  .jump = "@(jmp|bra?([bswl])) *",
	  .resume = "rte *",
	  .trap = "@(trap|illegal|bkpt) *",
	  .indirect = "*@(,%[ad][0-7]|[)][@])*" },
	{ EM_SH,
	  .call = "@(jsr?(/n)|bsr?(f)) *",
	  .back = "rts?(/n) *",
	  .jump = "@(jmp|bra?(f)) *",
	  .resume = "rte *",
	  .trap = "@(trapa|.word) *",
	  .delayed = "@(jsr|bsr?(f)|rts|jmp|bra?(f)|rte|b[ft][./]s) *" },
	{ EM_ALPHA,
	  .call = "@(bsr|jsr|jsr_coroutine) *",
	  .back = "ret *",
	  .jump = "@(br|jmp) *",
	  .resume = "@(call_pal 0x3[df]|hw_re[it]*) *",
	  .trap = "@(callsys|bpt|bugchk|gentrap|call_pal *) *",
	  .indirect = "*[(]*" },
};

/* What an instruction does, wherever it is. */
struct traits {
	enum end end;
	bool conditional, direct, again, annulled;
	unsigned delay;		/* instructions after it that are executed before it takes effect */
};

enum { MEMO = 512 };

struct flow {
	const struct rules *rules;
	const struct isa *isa;
	/* Matching costs more than reading, and most blocks end with a few texts: they are found by a hash. */
	struct memo {
		char text[STEP_TEXT];	/* "": none yet */
		bool has_address;
		struct traits is;
	} memo[MEMO];
};

struct flow *flow_new(int machine)
{
	struct flow *f;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].machine == machine) {
			f = must_calloc(1, sizeof *f);
			f->rules = &all[i];
			f->isa = isa_find(machine);
			return f;
		}
	return NULL;
}

void flow_free(struct flow *f)
{
	free(f);
}

int flow_machine(const struct flow *f)
{
	return f->rules->machine;
}

bool flow_has_slots(const struct flow *f)
{
	return f->rules->delayed || f->rules->machine == EM_MIPS;
}

static bool is(const char *text, const char *pattern)
{
	return pattern && !fnmatch(pattern, text, FNM_EXTMATCH);
}

static enum end kind(const struct rules *r, const char *text)
{
	return is(text, r->call) ? END_CALL : is(text, r->back) ? END_RETURN : is(text, r->jump) ? END_JUMP :
	       is(text, r->resume) ? END_RESUME : is(text, r->trap) ? END_TRAP : END_NONE;
}

static struct traits match(const struct flow *f, const struct step *s)
{
	const struct rules *r = f->rules;
	struct insn insn = s->insn;
	enum branch branch = isa_branch(f->isa, &insn);
	struct traits x = { .end = kind(r, s->text) };

	if (is(s->text, r->again))
		return (struct traits){ .end = END_JUMP, .conditional = true, .again = true };
	if (branch == BRANCH_RETURN)
		x.end = END_RETURN;
	else if (branch != BRANCH_NONE && x.end == END_NONE)
		x.end = END_JUMP;
	if (x.end == END_NONE)
		return x;
	x.conditional = branch != BRANCH_NONE || is(s->text, r->maybe);
	x.direct = x.end != END_TRAP && insn.has_address && !is(s->text, r->indirect);
	x.annulled = is(s->text, r->annulled);
	x.delay = r->delayed ? is(s->text, r->delayed) : insn.delay;
	if (x.annulled && !x.conditional)
		x.delay = 0;
	return x;
}

static const struct traits *traits_of(struct flow *f, const struct step *s)
{
	struct memo *m = &f->memo[token_hash((const uint8_t *)s->text, strlen(s->text)) % MEMO];

	if (m->has_address != s->insn.has_address || strcmp(m->text, s->text)) {
		m->is = match(f, s);
		m->has_address = s->insn.has_address;
		strcpy(m->text, s->text);
	}
	return &m->is;
}

/* Of ARMv4T: a return to code that may be ARM or Thumb, "pop {r3}", then "bx r3". */
static bool is_pop_bx(const char *before, const char *text)
{
	return !strncmp(before, "pop {r", 6) && before[6] && !strncmp(before + 7, "} ", 2) &&
	       !strncmp(text, "bx r", 4) && text[4] == before[6] && text[5] == ' ';
}

/* What the instructions around step I make of its END; N of them in S. */
static enum end look_around(struct flow *f, const struct step *s, size_t n, size_t i, enum end end)
{
	const struct step *before = i ? &s[i - 1] : NULL, *slot = i + 1 < n ? &s[i + 1] : NULL;

	if (end == END_JUMP && before && is(before->text, f->rules->links))
		return END_CALL;
	if (end == END_JUMP && before && f->rules->machine == EM_ARM && is_pop_bx(before->text, s[i].text))
		return END_RETURN;
	if (end == END_CALL && slot && is(slot->text, f->rules->unlinks))
		return END_JUMP;
	if (end == END_JUMP && slot && traits_of(f, slot)->end == END_RESUME)
		return END_RESUME;
	return end;
}

struct transfer flow_end(struct flow *f, const struct step *s, size_t n)
{
	while (n > 1 && is(s[n - 1].text, f->rules->padding))
		n--;
	for (size_t i = n; i-- > 0 && i + 2 >= n;) {
		struct traits x = *traits_of(f, &s[i]);
		uint64_t to = x.again ? s[i].at : s[i].insn.address;
		struct transfer t = { x.end, x.conditional, x.direct || x.again, to, i };

		if (x.end == END_NONE)
			continue;
		/* Before a delay slot that need not be executed QEMU ends a block: it is one of its own. */
		if (x.annulled && x.conditional && i + 1 == n)
			return (struct transfer){ END_JUMP, true, true, s[i].at + 2 * s[i].insn.len, i };
		if (i + 1 + x.delay == n) {
			t.end = look_around(f, s, n, i, t.end);
			return t;
		}
	}
	return (struct transfer){ .end = END_NONE };
}

struct transfer flow_end_slot(struct flow *f, const struct step *s, size_t n)
{
	struct transfer t = flow_end(f, s, n);

	if (t.end == END_NONE || t.by + 2 != n)
		return (struct transfer){ .end = END_NONE };
	t.conditional &= !traits_of(f, &s[t.by])->annulled;
	return t;
}
