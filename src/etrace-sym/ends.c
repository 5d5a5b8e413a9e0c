/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the last instructions of blocks, from the bytes that the trace has of them, since code may change while it
 * runs, or else from the ELF file.
 *
 * in:  a block of fw.elf at 40201b10, 12 bytes, of which the last is: bl 402019f4
 * out: K<TAB>fw.elf<TAB>40201b10<TAB>12<TAB>main+16<TAB>call<TAB>40201b18<TAB>402019f4<TAB>-
 */
#include "ends.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "die.h"
#include "flow.h"
#include "intern.h"
#include "landing.h"
#include "opcodes.h"
#include "target.h"

/* What reads the code of an object. */
struct reader {
	const struct object *ob;
	const struct flow *flow;
	struct opcodes *op;	/* NULL: how its blocks end is not known */
	struct landing *landing;
};

struct ends {
	const struct objects *objects;
	struct places *places;
	const struct blocks *blocks;
	struct intern *done;	/* names of blocks of the trace at hand that have a record */
	struct reader **of;	/* by the object's number; NULL: not needed yet */
	char *role;		/* scratch */
	size_t cap_role;
	bool bad;
};

/* The code of a block. */
struct code {
	const uint8_t *bytes;
	uint64_t addr;			/* libopcodes is told: the guest's, or the linked one of an ELF file's */
	const struct section *section;	/* that of the ELF file; NULL: BYTES are the trace's */
};

struct ends *ends_new(const struct objects *objects, struct places *places, const struct blocks *blocks)
{
	struct ends *s = must_calloc(1, sizeof *s);

	*s = (struct ends){ .objects = objects, .places = places, .blocks = blocks, .done = intern_new() };
	s->of = must_calloc(objects->max + 1, sizeof *s->of);
	return s;
}

void ends_free(struct ends *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->objects->max; i++) {
		if (!s->of[i])
			continue;
		opcodes_free(s->of[i]->op);
		landing_free(s->of[i]->landing);
		free(s->of[i]);
	}
	free(s->of);
	free(s->role);
	intern_free(s->done);
	free(s);
}

void ends_new_trace(struct ends *s)
{
	intern_free(s->done);
	s->done = intern_new();
}

bool ends_check(const struct ends *s)
{
	return !s->bad;
}

static struct reader *reader_new(struct ends *s, struct object *ob)
{
	struct reader *r = must_calloc(1, sizeof *r);

	object_ready(ob);
	*r = (struct reader){ .ob = ob, .flow = flow_find(ob->elf.machine) };
	if (r->flow)
		r->op = opcodes_new(NULL, &ob->elf, "-C");
	else
		warn("-C: %s: which instructions of its machine (ELF's number %d) call and return is not known, so there "
		     "are no K records of its blocks; etrace-sym(1) lists the machines where it is", ob->elf.path,
		     ob->elf.machine);
	r->landing = landing_read(&ob->elf);
	s->bad |= !r->op;
	return r;
}

/* What reads the code of OB; of code in no object, what reads that of the first one.  NULL if it cannot be read. */
static struct reader *reader_of(struct ends *s, const struct object *ob)
{
	size_t i = ob ? (size_t)(ob - s->objects->of) : 0;

	if (i >= s->objects->n)
		return NULL;
	if (!s->of[i])
		s->of[i] = reader_new(s, &s->objects->of[i]);
	return s->of[i]->op ? s->of[i] : NULL;
}

/* The code of the block E, number I, which is at AT.  False if it is not known. */
static bool find_code(const struct ends *s, const struct record_e *e, uint32_t i, struct linked at, struct code *c)
{
	const struct block *b = i == NO_BLOCK ? NULL : blocks_get(s->blocks, i);
	const struct section *x = at.in ? code_section(&at.in->elf, at.addr) : NULL;

	if (b && e->size <= b->size) {
		*c = (struct code){ .bytes = blocks_code(s->blocks, b), .addr = e->start };
		return true;
	}
	if (!x || !x->bytes || e->size > x->addr + x->size - at.addr)
		return false;
	*c = (struct code){ .bytes = x->bytes + (at.addr - x->addr), .addr = at.addr, .section = x };
	return true;
}

/* Whether the section that AT is in is one of a linker's stubs for functions of other objects. */
static bool is_plt(struct linked at)
{
	const struct section *x = at.in ? code_section(&at.in->elf, at.addr) : NULL;

	return x && !fnmatch("@(.plt|.plt.*|.iplt|.init.plt|.MIPS.stubs|.glink)", x->name, FNM_EXTMATCH);
}

/* Reads the instruction at ADDR, whose text stays with *S, so that it can be moved but for insn.text. */
static void read_step(struct reader *r, uint64_t addr, bool thumb, struct step *s)
{
	*s = (struct step){ .at = addr, .insn = opcodes_read(r->op, addr, thumb) };
	s->insn.text_len = insn_words(s->text, sizeof s->text - 1, &s->insn);
	strcpy(s->text + s->insn.text_len, " ");
	s->insn.text = s->text;
}

/* Reads the block C, of SIZE bytes.  Its last steps are in S; returns how many, 0 if it cannot be read. */
static size_t read_steps(struct reader *r, const struct code *c, uint64_t size, bool thumb, struct step s[FLOW_STEPS])
{
	size_t n = 0, len;

	opcodes_code(r->op, c->bytes, size, c->addr);
	for (uint64_t off = 0; off < size; off += len) {
		if (n == FLOW_STEPS)
			memmove(s, s + 1, --n * sizeof *s);
		read_step(r, c->addr + off, thumb, &s[n]);
		len = s[n++].insn.len;
		if (!len)
			return 0;
	}
	for (size_t i = 0; i < n; i++)
		s[i].insn.text = s[i].text;
	return n;
}

/*
 * How well the block C, of SIZE bytes, fits being Thumb, or ARM code: 2 if it ends in a branch and has none before, 1
 * if it has none, else 0.
 */
static int fits(struct reader *r, const struct code *c, uint64_t size, bool thumb)
{
	struct step s;
	bool ended = false;

	opcodes_code(r->op, c->bytes, size, c->addr);
	for (uint64_t off = 0; off < size; off += s.insn.len) {
		read_step(r, c->addr + off, thumb, &s);
		if (!s.insn.len || ended)
			return 0;
		ended = flow_end(r->flow, &s, 1).end != END_NONE;
	}
	return 1 + ended;
}

/*
 * Whether the block C of ARM code, of SIZE bytes, at AT, is Thumb.  Where no symbol says it, as in most of a stripped
 * library, it is what the block fits best, else what the function before it is, or any function of the object that
 * was named first; a linker's stubs are ARM.
 */
static bool is_thumb(struct reader *r, const struct code *c, struct linked at, uint64_t size)
{
	const struct symtab *t = at.in ? &at.in->sym : NULL;
	char mode = t ? symtab_mode(t, at.addr) : 0;
	size_t next = t ? symtab_from(t, at.addr) : 0;
	int thumb, arm;

	if (mode || r->ob->elf.machine != EM_ARM)
		return mode == 't';
	if ((c->addr | size) & 2)
		return true;
	thumb = fits(r, c, size, true);
	arm = fits(r, c, size, false);
	if (thumb != arm)
		return thumb > arm;
	return next ? t->sym[next - 1].thumb && !is_plt(at) : r->ob->sym.thumb;
}

/*
 * Where the step X goes by T, as records say it, in *TO: as linked, in the object that the block number I is of, which
 * is at AT.  False if it is not there.
 */
static bool find_to(const struct ends *s, const struct code *c, const struct step *x, const struct transfer *t,
		    uint32_t i, struct linked at, uint64_t *to)
{
	const struct place *p = c->section || i == NO_BLOCK ? NULL : blocks_get(s->blocks, i)->at;
	struct linked there;

	if (c->section && x->insn.has_address && t->to == x->insn.address)
		return target_find(&at.in->elf, c->section, x->at, &x->insn, to) && elf_is_code(&at.in->elf, *to);
	*to = t->to;
	if (c->section || (p && place_holds(p, (struct guest){ t->to }, to)))
		return true;
	there = place_find(s->places, (struct guest){ t->to });
	if (there.in)
		*to = there.addr;
	return there.in == at.in;
}

/*
 * The last instructions of the block C, of SIZE bytes, at AT, and how it ends.  A delay slot that is a block of its own
 * ends as the branch before it does; *C is then code from that branch on.
 */
static struct transfer read_end(struct reader *r, struct code *c, struct linked at, uint64_t size,
				struct step s[FLOW_STEPS])
{
	const struct section *x = at.in ? code_section(&at.in->elf, at.addr) : NULL;
	size_t n = read_steps(r, c, size, is_thumb(r, c, at, size), s);
	struct transfer t = flow_end(r->flow, s, n);
	uint64_t off;

	if (t.end != END_NONE || n != 1 || !flow_has_slots(r->flow) || !x || !x->bytes || at.addr - x->addr < size)
		return t;
	off = at.addr - x->addr - size;
	*c = (struct code){ .bytes = x->bytes + off, .addr = x->addr + off, .section = x };
	n = read_steps(r, c, 2 * size, false, s);
	return flow_end_slot(r->flow, s, n);
}

/* Fills in how the block E, number I, which is at AT, ends.  False if its code is not known. */
static bool decide(struct ends *s, const struct record_e *e, uint32_t i, struct linked at, struct reader *r,
		   struct record_k *k)
{
	struct step last[FLOW_STEPS];
	struct transfer t;
	struct code c;
	uint64_t start = at.in ? at.addr : e->start;

	if (!find_code(s, e, i, at, &c))
		return false;
	t = read_end(r, &c, at, e->size, last);
	if (t.end == END_NONE)
		return true;
	k->end = t.end;
	k->conditional = t.conditional;
	k->has_at = true;
	k->at = c.section ? last[t.by].at : last[t.by].at - e->start + start;
	if (r->ob->elf.bits == 32)
		t.to &= UINT32_MAX;
	k->direct = t.direct && find_to(s, &c, &last[t.by], &t, i, at, &k->to);
	/* To where it returns to: so code asks where it is.  And stubs are never returned to. */
	if (t.end == END_CALL && ((k->direct && k->to == start + e->size) || is_plt(at)))
		k->end = END_JUMP;
	return true;
}

/* What the block at AT is besides code, as a K says it. */
static struct field role(struct ends *s, struct reader *r, struct linked at)
{
	static const char head[] = "catch:";
	const struct range *from;
	size_t n;
	char *p;

	from = at.in ? landing_at(r->landing, at.addr, &n) : NULL;
	if (!from)
		return field_of(is_plt(at) ? "plt" : "-");
	if (s->cap_role < strlen(head) + n * 2 * (NUM_MAX + 1)) {
		s->cap_role = 2 * (strlen(head) + n * 2 * (NUM_MAX + 1));
		s->role = must_realloc(s->role, s->cap_role, 1);
	}
	p = stpcpy(s->role, head);
	for (size_t i = 0; i < n; i++) {
		p = num_hex(p, from[i].lo);
		*p++ = '-';
		p = num_hex(p, from[i].hi);
		*p++ = ',';
	}
	return (struct field){ s->role, (size_t)(p - 1 - s->role) };
}

void ends_put(struct ends *s, const struct record_e *e, uint32_t i, struct linked at, struct field named,
	      struct field place, struct field line, struct out *o)
{
	struct record_k k = { .block = named, .place = place, .line = line };
	struct reader *r = reader_of(s, at.in);
	bool fresh;

	if (!r || !e->size_known)
		return;
	intern_put(s->done, named.s, named.n, &fresh);
	if (!fresh)
		return;
	if (!decide(s, e, i, at, r, &k))
		return;
	k.role = role(s, r, at);
	record_put_k(o, &k);
}
