/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the last instructions of blocks, from the bytes that the trace has of them, since code may change while it
 * runs, or else from the ELF file.
 *
 * in:  a block of fw.elf at 40201b10, 12 bytes, of which the last is: bl 402019f4
 * out: K<TAB>fw.elf<TAB>40201b10<TAB>12<TAB>main+16<TAB>call<TAB>40201b18<TAB>402019f4<TAB>-
 */
#include "ends.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "die.h"
#include "flow.h"
#include "intern.h"
#include "landing.h"
#include "tail.h"
#include "target.h"

/* What reads the blocks of an object. */
struct reader {
	struct tail *tail;	/* NULL: how they end is not known */
	struct landing *landing;
	int bits;		/* of an address */
};

struct ends {
	const struct objects *objects;
	struct places *places;
	const struct blocks *blocks;
	struct intern *done;	/* names of blocks of the trace at hand that have a record */
	struct reader **of;	/* by the object's number; NULL: not needed yet */
	struct flow **flow;	/* one a machine */
	size_t n_flow, cap_flow;
	uint64_t n_unknown, first_unknown;	/* blocks without code: how many, and the guest's address of one */
	char *role;		/* scratch */
	size_t cap_role;
	bool bad;
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
		tail_free(s->of[i]->tail);
		landing_free(s->of[i]->landing);
		free(s->of[i]);
	}
	for (size_t i = 0; i < s->n_flow; i++)
		flow_free(s->flow[i]);
	free(s->of);
	free(s->flow);
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
	if (s->n_unknown)
		warn("-C: how %llu blocks end is not known, the first one at %llx: neither the trace nor an ELF file "
		     "has their code; name all that the guest ran", (unsigned long long)s->n_unknown,
		     (unsigned long long)s->first_unknown);
	return !s->bad;
}

/* NULL if the machine is not known. */
static struct flow *flow_of(struct ends *s, int machine)
{
	struct flow *f;

	for (size_t i = 0; i < s->n_flow; i++)
		if (flow_machine(s->flow[i]) == machine)
			return s->flow[i];
	f = flow_new(machine);
	if (!f)
		return NULL;
	GROW(s->flow, s->n_flow, s->cap_flow);
	return s->flow[s->n_flow++] = f;
}

static struct reader *reader_new(struct ends *s, struct object *ob)
{
	struct reader *r = must_calloc(1, sizeof *r);
	struct flow *flow = flow_of(s, ob->elf.machine);

	object_ready(ob);
	r->bits = ob->elf.bits;
	if (flow)
		r->tail = tail_new(ob, flow);
	else
		warn("-C: %s: which instructions of its machine (ELF's number %d) call and return is not known, so "
		     "there are no K records of its blocks; etrace-sym(1) lists the machines where it is", ob->elf.path,
		     ob->elf.machine);
	r->landing = landing_read(&ob->elf);
	s->bad |= !r->tail;
	return r;
}

/* What reads the code of OB, or of no object, as that of the first one.  NULL if it cannot be read. */
static struct reader *reader_of(struct ends *s, const struct object *ob)
{
	size_t i = ob ? (size_t)(ob - s->objects->of) : 0;

	if (i >= s->objects->n)
		return NULL;
	if (!s->of[i])
		s->of[i] = reader_new(s, &s->objects->of[i]);
	return s->of[i]->tail ? s->of[i] : NULL;
}

/* The code of the block E, number I, which is at AT.  False if it is not known. */
static bool find_code(const struct ends *s, const struct record_e *e, uint32_t i, struct linked at,
		      struct block_code *c)
{
	const struct block *b = i == NO_BLOCK ? NULL : blocks_get(s->blocks, i);
	const struct section *x = at.in ? code_section(&at.in->elf, at.addr) : NULL;

	if (b && e->size <= b->size) {
		*c = (struct block_code){ blocks_code(s->blocks, b), e->size, e->start, NULL };
		return true;
	}
	if (!x || !x->bytes || e->size > x->addr + x->size - at.addr)
		return false;
	*c = (struct block_code){ x->bytes + (at.addr - x->addr), e->size, at.addr, x };
	return true;
}

/*
 * Where the step X goes by T, as records say it, in *TO: as linked, in the object that the block number I is of, which
 * is at AT.  False if it is not there.
 */
static bool find_to(const struct ends *s, const struct block_code *c, const struct step *x, const struct transfer *t,
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

/* Fills in how the block E, number I, which is at AT, PLT or not, ends.  False if its code is not known. */
static bool decide(struct ends *s, const struct record_e *e, uint32_t i, struct linked at, struct reader *r, bool plt,
		   struct record_k *k)
{
	struct step last[FLOW_STEPS];
	struct block_code c;
	struct transfer t;
	uint64_t start = at.in ? at.addr : e->start;

	if (e->size_known && !e->size)
		return true;
	if (!e->size_known || !find_code(s, e, i, at, &c))
		return false;
	t = tail_read(r->tail, &c, at, last);
	if (t.end == END_NONE)
		return true;
	k->end = t.end;
	k->conditional = t.conditional;
	k->has_at = true;
	k->at = c.section ? last[t.by].at : last[t.by].at - e->start + start;
	if (r->bits == 32)
		t.to &= UINT32_MAX;
	k->direct = t.direct && find_to(s, &c, &last[t.by], &t, i, at, &k->to);
	/* To where it returns to: so code asks where it is.  And stubs are never returned to. */
	if (t.end == END_CALL && ((k->direct && k->to == start + e->size) || plt))
		k->end = END_JUMP;
	return true;
}

/* What the block at AT is besides code, as a K says it. */
static struct field role(struct ends *s, struct reader *r, struct linked at, bool plt)
{
	static const char head[] = "catch:";
	const struct range *from;
	size_t n;
	char *p;

	from = at.in ? landing_at(r->landing, at.addr, &n) : NULL;
	if (!from)
		return field_of(plt ? "plt" : "-");
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
	bool plt = at.in && code_is_plt(code_section(&at.in->elf, at.addr)), fresh;

	if (!r)
		return;
	intern_put(s->done, named.s, named.n, &fresh);
	if (!fresh)
		return;
	if (!decide(s, e, i, at, r, plt, &k)) {
		if (!s->n_unknown++)
			s->first_unknown = e->start;
		return;
	}
	k.role = role(s, r, at, plt);
	record_put_k(o, &k);
}
