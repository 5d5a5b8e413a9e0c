/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the conditional branches in the code that rows of a line table are for.  Each row begins an
 * instruction, so what lies between two rows is read from the first on.
 * in:  row work.c:9 at 40201a48, in collatz, in which b.ne 40201a0c is at 40201a50
 * out: R<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a50<TAB>4<TAB>40201a0c<TAB>-<TAB>-
 */
#include "condbr.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "die.h"
#include "isa.h"
#include "opcodes.h"
#include "record.h"
#include "target.h"

struct condbr {
	const struct object *ob;
	struct names *names;
	const struct isa *isa;
	struct opcodes *op;
	const struct section *section;	/* what OP was given; NULL: nothing yet */
};

struct condbr *condbr_new(const struct object *ob, struct names *names)
{
	const struct isa *isa = isa_find(ob->elf.machine);
	struct opcodes *op;
	struct condbr *b;

	if (!isa) {
		warn("-b: %s: which instructions of its machine (ELF's number %d) are conditional branches is not "
		     "known; etrace-sym(1) lists the machines where it is", ob->elf.path, ob->elf.machine);
		return NULL;
	}
	op = opcodes_new(NULL, &ob->elf, "-b");
	if (!op)
		return NULL;
	b = must_calloc(1, sizeof *b);
	*b = (struct condbr){ .ob = ob, .names = names, .isa = isa, .op = op };
	return b;
}

void condbr_free(struct condbr *b)
{
	if (!b)
		return;
	opcodes_free(b->op);
	free(b);
}

/* Hands the section that ADDR is in to the reader of instructions.  False if there is none. */
static bool find_code(struct condbr *b, uint64_t addr)
{
	const struct section *s = b->section;

	if (s && addr - s->addr < s->size)
		return true;
	s = code_section(&b->ob->elf, addr);
	if (!s || !s->bytes) {
		elf_complain(&b->ob->elf, FAULT_CODE, "a section without contents");
		return false;
	}
	b->section = s;
	opcodes_code(b->op, s->bytes, s->size, s->addr);
	return true;
}

static struct field name(const struct condbr *b, uint32_t id)
{
	struct field f;

	f.s = name_text(b->names, id, &f.n);
	return f;
}

/* The function at ADDR, for a line of FILE; *AT is where to look, and moves on. */
static uint32_t func_at(const struct condbr *b, const struct scopes *s, size_t *at, uint64_t addr, uint32_t file,
			uint32_t line)
{
	uint32_t sym;

	while (*at < s->n_stretch && s->stretch[*at].hi <= addr)
		++*at;
	if (*at < s->n_stretch && s->stretch[*at].lo <= addr)
		return s->tree.scope[scopes_of_line(s, s->stretch[*at].scope, addr, file, line)].name;
	sym = symtab_find(&b->ob->sym, addr);
	return sym == SYM_NONE ? NAME_NONE : b->ob->sym.sym[sym].name;
}

/* How many bytes X and what is executed with it has, its delay slot. */
static uint64_t length(struct condbr *b, uint64_t addr, const struct insn *x)
{
	uint64_t len = x->len;

	for (unsigned i = 0; i < x->delay; i++)
		len += opcodes_read(b->op, addr + len, false).len;
	return len;
}

static void put_r(struct condbr *b, const struct row *r, uint32_t func, uint64_t addr, const struct insn *x,
		  enum branch kind, struct out *o)
{
	uint32_t file = name_file(b->names, r->file);
	uint64_t to = 0;

	if (kind == BRANCH_DIRECT && !target_find(&b->ob->elf, b->section, addr, x, &to))
		return;
	record_put_r(o, &(struct record_r){
		.file = name(b, file), .line = r->line, .func = name(b, func),
		.in = field_of(b->ob->name), .addr = addr, .len = length(b, addr, x), .target = to,
		.returns = kind != BRANCH_DIRECT,
	});
}

/* Writes the branches in [R->addr, END), the code of one row. */
static void sweep(struct condbr *b, const struct row *r, uint64_t end, const struct scopes *s, size_t *at,
		  struct out *o)
{
	uint32_t file = name_file(b->names, r->file);

	for (uint64_t addr = r->addr; addr < end && find_code(b, addr);) {
		char mode = symtab_mode(&b->ob->sym, addr);
		struct insn x;
		enum branch kind;

		if (mode == 'd')
			return;
		x = opcodes_read(b->op, addr, mode == 't');
		if (!x.len)
			return;
		kind = isa_branch(b->isa, &x);
		if (kind != BRANCH_NONE)
			put_r(b, r, func_at(b, s, at, addr, file, r->line), addr, &x, kind, o);
		addr += x.len;
	}
}

void condbr_write(struct condbr *b, const struct unit *u, const struct scopes *scopes, struct out *o)
{
	const struct lines *l = &b->ob->lines;
	struct row r, next = unit_row(l, u, 0);
	size_t at = 0;

	for (size_t i = 1; i <= u->n_rows; i++) {
		uint64_t end;

		r = next;
		/* The last row ends a sequence, but for one that ends at 2^64: that end is the first row. */
		next = i < u->n_rows ? unit_row(l, u, i) : (struct row){ .addr = UINT64_MAX, .end = true };
		if (r.end || !r.line || next.addr <= r.addr)
			continue;
		end = lines_end(l, u, r.addr);
		sweep(b, &r, next.addr < end ? next.addr : end, scopes, &at, o);
	}
}
