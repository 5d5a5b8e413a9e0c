/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads instructions from where a block begins to where QEMU ends it.
 * in:  4029d0, and 4029d0: add $0x8,%rax / cmpq $0x0,-0x8(%rax) / jne 4029d0
 * out: 11 bytes, 3 instructions
 */
#include "blockend.h"

#include <elf.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "opcodes.h"

/* TCG_MAX_INSNS; and the smallest page of the machines here, or of those QEMU has for them. */
enum { MAX_INSNS = 512, PAGE = 4096 };

/*
 * Patterns of fnmatch(3) with FNM_EXTMATCH, for instructions with one blank after each word.  They are what the
 * translators of QEMU 7.2 to 11.1 (target/ARCH/tcg/translate*.c) leave the loop after.
 */
struct rules {
	int machine;
	const char *ends;	/* always */
	const char *may;	/* in some releases, modes or for some operands: if the CPU went on right after */
	const char *again;	/* those that end and may lead to themselves; NULL: none */
};

#define X86_PREFIX "*(bnd |notrack |data16 |addr32 |addr16 |rex* |[c-g]s |ss |lock |xacquire |xrelease )"
#define X86_REP "@(rep|repz|repnz) @(movs|stos|lods|scas|cmps|ins|outs)*"
#define X86_ENDS X86_PREFIX "@(j*|loop*|call*|lcall*|ljmp*|?(repz )ret*|lret*|iret*|" X86_REP "|syscall*|sysret*|" \
	"sysenter*|sysexit*|int *|int[13o]*|hlt*|ud[0-2]*|xbegin*|rsm*|vmrun*|?bad?*)"
/* Loads of segment, control and debug registers; flags; input and output; what else is for a kernel. */
#define X86_MAY X86_PREFIX "@(sti*|cli*|popf*|stac*|clac*|pop* %[c-gs]s*|mov*,%[c-gs]s |l[d-gs]s*|mov*,%[cdt]r*|" \
	"lmsw*|clts*|l[lgi]dt*|ltr*|inv*|wrmsr*|rdmsr*|wr[fg]sbase*|swapgs*|xsetbv*|xrstor*|xsave*|fxrstor*|pause*|" \
	"monitor*|mwait*|cpuid*|rdtsc*|rdpmc*|in *|in[bwl] *|out *|out[bwl] *|ins*|outs*|vm*|stgi*|clgi*|wbinvd*|bnd*)"

#define ARM_COND "?(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)"
#define ARM_OPS "@(ldr|mov|mvn|add|adc|sub|sbc|rsb|rsc|and|orr|eor|bic|lsl|lsr|asr|ror|rrx)?(s)"
/* A write of pc is a branch. */
#define ARM_ENDS "@(@(b|bl|blx|bx|bxj)" ARM_COND "?(.[nw]) *|cb?(n)z *|tb[bh] *|@(pop|ldm)*{*pc}*|" \
	ARM_OPS ARM_COND "?(.[nw]) pc,*|rfe*|eret*|svc*|hvc*|smc*|bkpt*|udf*|isb*|sb *|setend*|und*|wfi *)"
#define ARM_MAY "@(msr*|mrs*|mcr*|mrc*|mrrc*|cps*|vmsr*|vmrs*|wf[ei]*|yield*|sev*|hint*|nop*|srs*|dsb*|dmb*|ldm*^*|" \
	"vlldm*|vlstm*|le *|wls*|dls*|bf*|lctp*|sg*|blxns*|bxns*|vctp*|vpst*|vpt*)"

#define A64_ENDS "@(b|b.*|bl|br|blr|bra[ab]*|blra[ab]*|ret*|eret*|cb?(n)z|tb?(n)z|svc|hvc|smc|brk|hlt|udf|dcps*|" \
	"drps|isb|sb|wfi|.inst) *"
#define A64_MAY "@(msr|mrs|msrr|mrrs|sys*|ic|dc|at|tlbi|cfp|cpp|dvp|hint|yield|wfe*|wfit|sev*|smst*|dsb|dmb|ldff*|" \
	"ldnf*|setffr) *"

#define RISCV_ENDS "@(j|jr|jal|jalr|ret|b@(eq|ne|lt|ge|gt|le)?(u|z)|ecall|ebreak|mret|sret|uret|dret|mnret|wfi|" \
	"fence.i|unimp|.[248]byte|.insn|.short|.word|c.@(j|jr|jal|jalr|beqz|bnez|ebreak)) *"
#define RISCV_MAY "@(csr*|rd@(cycle|time|instret)*|f[rs]csr|f[rs]rm*|f[rs]flags*|sfence*|hfence*|sinval*|hinval*|" \
	"vset*|pause|hlv*|hsv*|wrs.*|fence*|cm.*|cbo*) *"

static const struct rules all[] = {
	{ EM_386, X86_ENDS, X86_MAY, X86_PREFIX X86_REP },
	{ EM_X86_64, X86_ENDS, X86_MAY, X86_PREFIX X86_REP },
	{ EM_AARCH64, A64_ENDS, A64_MAY, NULL },
	{ EM_ARM, ARM_ENDS, ARM_MAY, NULL },
	{ EM_RISCV, RISCV_ENDS, RISCV_MAY, NULL },
};

struct blockend {
	const struct object *ob;
	const struct rules *rules;
	struct opcodes *op;
	struct range code;	/* what OP was given */
};

static const struct rules *rules_of(int machine)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].machine == machine)
			return &all[i];
	return NULL;
}

struct blockend *blockend_new(const struct object *ob)
{
	const struct rules *rules = rules_of(ob->elf.machine);
	struct opcodes *op = rules ? opcodes_new(NULL, &ob->elf, "an exec log") : NULL;
	struct blockend *b;

	if (!rules)
		warn("%s: the trace says only where blocks begin, and which instructions end one is not known for its machine "
		     "(ELF's number %d); etrace-sym(1) lists the machines where it is", ob->elf.path, ob->elf.machine);
	if (!op)
		return NULL;
	b = must_calloc(1, sizeof *b);
	*b = (struct blockend){ .ob = ob, .rules = rules, .op = op };
	return b;
}

void blockend_free(struct blockend *b)
{
	if (!b)
		return;
	opcodes_free(b->op);
	free(b);
}

/* Reads the instruction at ADDR; its len is 0 if there is none. */
static struct insn read_insn(struct blockend *b, uint64_t addr)
{
	const uint8_t *code;
	size_t n;

	if (addr < b->code.lo || addr >= b->code.hi) {
		code = elf_code(&b->ob->elf, addr, &b->code.lo, &n);
		b->code.hi = code ? b->code.lo + n : b->code.lo;
		if (!code)
			return (struct insn){ .len = 0 };
		opcodes_code(b->op, code, n, b->code.lo);
	}
	return opcodes_read(b->op, addr, symtab_mode(&b->ob->sym, addr) == 't');
}

/* The text of X with one blank after each word, the last one too; cut to what fits. */
static void tidy(char *to, size_t size, const struct insn *x)
{
	strcpy(to + insn_words(to, size - 1, x), " ");
}

static bool is(const char *text, const char *pattern)
{
	return pattern && !fnmatch(pattern, text, FNM_EXTMATCH);
}

bool blockend_find(struct blockend *b, uint64_t start, uint64_t next, struct extent *e)
{
	struct extent cut = { .size = 0 };	/* the block, if it was left at NEXT */
	uint64_t page = start / PAGE, addr = start;
	char text[128];

	*e = (struct extent){ .size = 0 };
	while (e->insns < MAX_INSNS && addr / PAGE == page) {
		struct insn x = read_insn(b, addr);

		/* What reaches into the next page is a block of its own, but for the first one. */
		if (!x.len || (e->insns && (addr + x.len - 1) / PAGE != page))
			break;
		tidy(text, sizeof text, &x);
		if (addr == next && addr != start) {
			/* QEMU 7.2 for RISC-V leaves an instruction at the end of a page for the next block. */
			if ((addr + x.len) % PAGE == 0)
				return true;
			cut = *e;
		}
		*e = (struct extent){ addr + x.len - start, e->insns + 1 };
		if (is(text, b->rules->ends)) {
			bool leads = !x.has_address || x.address == next || (addr == next && is(text, b->rules->again));

			if (cut.size && !leads)
				*e = cut;
			return true;
		}
		addr += x.len;
		if (addr == next && is(text, b->rules->may))
			return true;
	}
	if (cut.size)
		*e = cut;
	return e->insns;
}

bool blockend_first(struct blockend *b, uint64_t start, struct extent *e)
{
	struct insn x = read_insn(b, start);

	*e = (struct extent){ x.len, x.len > 0 };
	return x.len;
}

unsigned blockend_insns(struct blockend *b, uint64_t start, uint64_t size)
{
	unsigned n = 0;
	struct insn x;

	for (uint64_t at = 0; at < size && (x = read_insn(b, start + at)).len; at += x.len)
		n++;
	return n;
}
