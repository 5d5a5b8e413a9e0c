/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the conditional branches in the code that rows of a line table are for.  Each row begins an
 * instruction, so what lies between two rows is read from the first on.
 * in:  row work.c:9 at 40201a48, in collatz, in which b.ne 40201a0c is at 40201a50
 * out: R<TAB>work.c<TAB>9<TAB>collatz<TAB>40201a50<TAB>4<TAB>40201a0c<TAB>-<TAB>-
 */
#include "branches.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "isa.h"
#include "opcodes.h"

struct branches {
	const struct image *im;
	struct names *names;
	const struct isa *isa;
	struct opcodes *op;
	struct range code;	/* what OP was given */
};

struct branches *branches_new(const struct image *im, struct names *names)
{
	const struct isa *isa = isa_find(im->elf.machine);
	struct opcodes *op;
	struct branches *b;

	if (!isa) {
		warn("-b: %s: which instructions of its machine (ELF's number %d) are conditional branches is not "
		     "known; etrace-sym(1) lists the machines where it is", im->elf.path, im->elf.machine);
		return NULL;
	}
	op = opcodes_new(NULL, &im->elf, "-b");
	if (!op)
		return NULL;
	b = must_calloc(1, sizeof *b);
	*b = (struct branches){ .im = im, .names = names, .isa = isa, .op = op };
	return b;
}

void branches_free(struct branches *b)
{
	if (!b)
		return;
	opcodes_free(b->op);
	free(b);
}

/* Hands the section that ADDR is in to the reader of instructions.  False if there is none. */
static bool find_code(struct branches *b, uint64_t addr)
{
	const uint8_t *code;
	size_t n;

	if (addr >= b->code.lo && addr < b->code.hi)
		return true;
	code = elf_code(&b->im->elf, addr, &b->code.lo, &n);
	if (!code) {
		elf_complain(&b->im->elf, FAULT_CODE, "a section without contents");
		return false;
	}
	b->code.hi = b->code.lo + n;
	opcodes_code(b->op, code, n, b->code.lo);
	return true;
}

static void put_name(const struct branches *b, uint32_t name, struct out *o)
{
	size_t len;
	const char *s = name_text(b->names, name, &len);

	out_mem(o, s, len);
	out_char(o, '\t');
}

/* The guest's address for one of the ELF's. */
static uint64_t guest(const struct branches *b, uint64_t addr)
{
	addr += b->im->elf.bias;
	return b->im->elf.bits == 32 ? (uint32_t)addr : addr;
}

/* The function at ADDR, for a line of FILE; *SEG is where to look, and moves on. */
static uint32_t func_at(const struct branches *b, const struct scopes *s, size_t *seg, uint64_t addr, uint32_t file,
			uint32_t line)
{
	uint32_t sym;

	while (*seg < s->n_seg && s->seg[*seg].hi <= addr)
		++*seg;
	if (*seg < s->n_seg && s->seg[*seg].lo <= addr)
		return s->scope[scopes_of_line(s, s->seg[*seg].scope, addr, file, line)].name;
	sym = symtab_find(&b->im->sym, addr);
	return sym == SYM_NONE ? NAME_NONE : b->im->sym.sym[sym].name;
}

/* How many bytes X and what is executed with it has, its delay slot. */
static uint64_t length(struct branches *b, uint64_t addr, const struct insn *x)
{
	uint64_t len = x->len;

	for (unsigned i = 0; i < x->delay; i++)
		len += opcodes_read(b->op, addr + len, false).len;
	return len;
}

static void put_r(struct branches *b, const struct row *r, uint32_t func, uint64_t addr, const struct insn *x,
		  enum branch kind, struct out *o)
{
	out_str(o, "R\t");
	put_name(b, name_file(b->names, r->file), o);
	out_dec(o, r->line);
	out_char(o, '\t');
	put_name(b, func, o);
	out_hex(o, guest(b, addr));
	out_char(o, '\t');
	out_dec(o, length(b, addr, x));
	out_char(o, '\t');
	if (kind == BRANCH_DIRECT)
		out_hex(o, guest(b, x->address));
	else
		out_char(o, '-');
	out_str(o, "\t-\t-\n");
}

/* Writes the branches in [R->addr, END), the code of one row. */
static void sweep(struct branches *b, const struct row *r, uint64_t end, const struct scopes *s, size_t *seg,
		  struct out *o)
{
	uint32_t file = name_file(b->names, r->file);

	for (uint64_t addr = r->addr; addr < end && find_code(b, addr);) {
		char mode = symtab_mode(&b->im->sym, addr);
		struct insn x;
		enum branch kind;

		if (mode == 'd')
			return;
		x = opcodes_read(b->op, addr, mode == 't');
		if (!x.len)
			return;
		kind = isa_branch(b->isa, &x);
		if (kind != BRANCH_NONE)
			put_r(b, r, func_at(b, s, seg, addr, file, r->line), addr, &x, kind, o);
		addr += x.len;
	}
}

void branches_write(struct branches *b, const struct unit *u, const struct scopes *scopes, struct out *o)
{
	const struct lines *l = &b->im->lines;
	struct row r, next = unit_row(l, u, 0);
	size_t seg = 0;

	for (size_t i = 1; i <= u->n_rows; i++) {
		uint64_t end;

		r = next;
		/* The last row ends a sequence, but for one that ends at 2^64: that end is the first row. */
		next = i < u->n_rows ? unit_row(l, u, i) : (struct row){ .addr = UINT64_MAX, .end = true };
		if (r.end || !r.line || next.addr <= r.addr)
			continue;
		end = lines_end(l, u, r.addr);
		sweep(b, &r, next.addr < end ? next.addr : end, scopes, &seg, o);
	}
}
