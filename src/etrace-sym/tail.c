/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads blocks by libopcodes, and keeps their last instructions.
 * in:  fd 7b bf a9 39 ff ff 97 of AArch64, at 40201b14
 * out: END_CALL by "bl", at 40201b18, to 402019fc
 */
#include "tail.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "opcodes.h"

struct tail {
	const struct object *ob;
	struct flow *flow;
	struct opcodes *op;
};

struct tail *tail_new(const struct object *ob, struct flow *flow)
{
	struct opcodes *op = opcodes_new(NULL, &ob->elf, "-C");
	struct tail *t;

	if (!op)
		return NULL;
	t = must_calloc(1, sizeof *t);
	*t = (struct tail){ .ob = ob, .flow = flow, .op = op };
	return t;
}

void tail_free(struct tail *t)
{
	if (!t)
		return;
	opcodes_free(t->op);
	free(t);
}

/* Reads the instruction at ADDR into *S, which can be moved but for insn.text. */
static void read_step(struct tail *t, uint64_t addr, bool thumb, struct step *s)
{
	*s = (struct step){ .at = addr, .insn = opcodes_read(t->op, addr, thumb) };
	s->insn.text_len = insn_words(s->text, sizeof s->text - 1, &s->insn);
	strcpy(s->text + s->insn.text_len, " ");
	s->insn.text = s->text;
}

/* The last steps of C in S; returns how many, 0 if it cannot be read. */
static size_t read_steps(struct tail *t, const struct block_code *c, bool thumb, struct step s[FLOW_STEPS])
{
	size_t n = 0, len;

	opcodes_code(t->op, c->bytes, c->size, c->addr);
	for (uint64_t off = 0; off < c->size; off += len) {
		if (n == FLOW_STEPS)
			memmove(s, s + 1, --n * sizeof *s);
		read_step(t, c->addr + off, thumb, &s[n]);
		len = s[n++].insn.len;
		if (!len)
			return 0;
	}
	for (size_t i = 0; i < n; i++)
		s[i].insn.text = s[i].text;
	return n;
}

/* How well C fits being Thumb, or ARM code: 2 if it ends in a branch and has none before, 1 if it has none, else 0. */
static int fits(struct tail *t, const struct block_code *c, bool thumb)
{
	struct step s;
	bool ended = false;

	opcodes_code(t->op, c->bytes, c->size, c->addr);
	for (uint64_t off = 0; off < c->size; off += s.insn.len) {
		read_step(t, c->addr + off, thumb, &s);
		if (!s.insn.len || ended)
			return 0;
		ended = flow_end(t->flow, &s, 1).end != END_NONE;
	}
	return 1 + ended;
}

/*
 * Whether C, at AT, is Thumb.  Where no symbol says it, as in most of a stripped library, it is what it fits best, else
 * what the function before it is, or any function of the object; a linker's stubs are ARM.
 */
static bool is_thumb(struct tail *t, const struct block_code *c, struct linked at)
{
	const struct symtab *sym = at.in ? &at.in->sym : NULL;
	char mode = sym ? symtab_mode(sym, at.addr) : 0;
	size_t next = sym ? symtab_from(sym, at.addr) : 0;
	int thumb, arm;

	if (mode || t->ob->elf.machine != EM_ARM)
		return mode == 't';
	if ((c->addr | c->size) & 2)
		return true;
	thumb = fits(t, c, true);
	arm = fits(t, c, false);
	if (thumb != arm)
		return thumb > arm;
	return next ? sym->sym[next - 1].thumb && !code_is_plt(code_section(&at.in->elf, at.addr)) : t->ob->sym.thumb;
}

/* The instruction before C, as long as C is, and C, in the ELF file that AT is of.  False if there is none. */
static bool with_the_one_before(const struct block_code *c, struct linked at, struct block_code *both)
{
	const struct section *x = at.in ? code_section(&at.in->elf, at.addr) : NULL;
	uint64_t off = x ? at.addr - x->addr : 0;

	if (!x || !x->bytes || off < c->size || x->size - off < c->size)
		return false;
	*both = (struct block_code){ x->bytes + off - c->size, 2 * c->size, at.addr - c->size, x };
	return true;
}

struct transfer tail_read(struct tail *t, struct block_code *c, struct linked at, struct step s[FLOW_STEPS])
{
	size_t n = read_steps(t, c, is_thumb(t, c, at), s);
	struct transfer end = flow_end(t->flow, s, n);
	struct block_code both;

	if (end.end != END_NONE || n != 1 || !flow_has_slots(t->flow) || !with_the_one_before(c, at, &both))
		return end;
	*c = both;
	n = read_steps(t, c, false, s);
	return flow_end_slot(t->flow, s, n);
}
