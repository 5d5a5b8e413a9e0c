/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the last instructions of blocks, from the bytes that the trace has of them, since code may change while it
 * runs, or else from the ELF file.
 *
 * in:  a block of fw.elf at 40201b10, 12 bytes, of which the last is: bl 402019f4
 * out: K<TAB>fw.elf<TAB>40201b10<TAB>12<TAB>main+16<TAB>call<TAB>40201b18<TAB>402019f4<TAB>-
 */
#include "ends.h"

#include <elf.h>
#include <endian.h>
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
	const struct elf *elf;
};

struct ends {
	const struct objects *objects;
	struct places *places;
	const struct blocks *blocks;
	struct intern *done;	/* blocks of the trace at hand that have a record: names, and what E records said */
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
	r->elf = &ob->elf;
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

/* A block whose end is asked for. */
struct subject {
	const struct record_e *e;
	uint32_t i;		/* its number, or NO_BLOCK */
	struct linked at;
	bool stub;		/* a linker made it, for a function of another object */
};

/* Its code.  False if it is not known. */
static bool find_code(const struct ends *s, const struct subject *x, struct block_code *c)
{
	const struct block *b = x->i == NO_BLOCK ? NULL : blocks_get(s->blocks, x->i);
	const struct section *in = x->at.in ? code_section(&x->at.in->elf, x->at.addr) : NULL;
	uint64_t size = x->e->size;

	if (b && size <= b->size) {
		*c = (struct block_code){ blocks_code(s->blocks, b), size, x->e->start, NULL };
		return true;
	}
	if (!in || !in->bytes || size > in->addr + in->size - x->at.addr)
		return false;
	*c = (struct block_code){ in->bytes + (x->at.addr - in->addr), size, x->at.addr, in };
	return true;
}

/*
 * Where STEP goes by T, as records say it, in *TO: as linked, in the object that the block X is of.  False if it is not
 * there.
 */
static bool find_to(const struct ends *s, const struct subject *x, const struct block_code *c, const struct step *step,
		    const struct transfer *t, uint64_t *to)
{
	const struct place *p = c->section || x->i == NO_BLOCK ? NULL : blocks_get(s->blocks, x->i)->at;
	struct linked there;

	if (c->section && step->insn.has_address && t->to == step->insn.address)
		return target_find(&x->at.in->elf, c->section, step->at, &step->insn, to) &&
		       elf_is_code(&x->at.in->elf, *to);
	*to = t->to;
	if (c->section || (p && place_holds(p, (struct guest){ t->to }, to)))
		return true;
	there = place_find(s->places, (struct guest){ t->to });
	if (there.in)
		*to = there.addr;
	return there.in == x->at.in;
}

/*
 * Whether C, which ends by T, is a stub of a PowerPC with 64 bits: these are in .text, save r2 where the ABIs have it
 * (ELFv1: 40 bytes up the stack, OpenPOWER ELFv2: 24) and jump.
 */
static bool is_ppc64_stub(const struct elf *e, const struct block_code *c, const struct transfer *t)
{
	uint32_t first;

	if (e->machine != EM_PPC64 || c->size < 8 || t->end != END_JUMP || t->conditional || t->direct)
		return false;
	memcpy(&first, c->bytes, sizeof first);
	first = e->big_endian ? be32toh(first) : le32toh(first);
	return first == 0xf8410028 || first == 0xf8410018;	/* std r2,40(r1); std r2,24(r1) */
}

/* Fills in how X ends, and whether it is a stub.  False if its code is not known. */
static bool decide(struct ends *s, struct reader *r, struct subject *x, struct record_k *k)
{
	struct step last[FLOW_STEPS];
	struct block_code c;
	struct transfer t;
	uint64_t start = x->at.in ? x->at.addr : x->e->start;

	x->stub = x->at.in && code_is_plt(code_section(&x->at.in->elf, x->at.addr));
	if (x->e->size_known && !x->e->size)
		return true;
	if (!x->e->size_known || !find_code(s, x, &c))
		return false;
	t = tail_read(r->tail, &c, x->at, last);
	if (t.end == END_NONE)
		return true;
	x->stub |= is_ppc64_stub(r->elf, &c, &t);
	k->end = t.end;
	k->conditional = t.conditional;
	k->has_at = true;
	k->at = c.section ? last[t.by].at : last[t.by].at - x->e->start + start;
	if (r->elf->bits == 32)
		t.to &= UINT32_MAX;
	k->direct = t.direct && find_to(s, x, &c, &last[t.by], &t, &k->to);
	/* To where it returns to: so code asks where it is.  And stubs are never returned to. */
	if (t.end == END_CALL && ((k->direct && k->to == start + x->e->size) || x->stub))
		k->end = END_JUMP;
	return true;
}

/* What X is besides code, as a K says it. */
static struct field role(struct ends *s, struct reader *r, const struct subject *x)
{
	static const char head[] = "catch:";
	const struct range *from;
	size_t n;
	char *p;

	from = x->at.in ? landing_at(r->landing, x->at.addr, &n) : NULL;
	if (!from)
		return field_of(x->stub ? "plt" :
				x->at.in && symtab_is_local_entry(&x->at.in->sym, x->at.addr) ? "entry" : "-");
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

/* Whether there was no record yet of the block NAMED, with the code that E has there. */
static bool is_new(struct ends *s, struct field named, const struct record_e *e)
{
	char *key = must_malloc(named.n + e->block.n);
	bool fresh;

	memcpy(key, named.s, named.n);
	memcpy(key + named.n, e->block.s, e->block.n);
	intern_put(s->done, key, named.n + e->block.n, &fresh);
	free(key);
	return fresh;
}

void ends_put(struct ends *s, const struct record_e *e, uint32_t i, struct linked at, struct field named,
	      struct field place, struct field line, struct out *o)
{
	struct record_k k = { .block = named, .place = place, .line = line };
	struct reader *r = reader_of(s, at.in);
	struct subject x = { .e = e, .i = i, .at = at };

	if (!r)
		return;
	if (!is_new(s, named, e))
		return;
	if (!decide(s, r, &x, &k)) {
		if (!s->n_unknown++)
			s->first_unknown = e->start;
		return;
	}
	k.role = role(s, r, &x);
	record_put_k(o, &k);
}
