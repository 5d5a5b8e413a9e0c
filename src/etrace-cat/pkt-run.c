/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RUN, from etrace-plugin: blocks that ran one after the other on one CPU.
 *
 *	u64 time		virtual ns, of the first one
 *	u32 blocks		how many, WIRE_RUN_BLOCKS at the most
 *	items			see run.h
 *
 * What an item means depends on all RUN packets before it, of all CPUs: where one cannot be decoded, none after
 * it can be.
 *
 * out: E<TAB>0<TAB>-<TAB>40200800<TAB>12<TAB>1<TAB>3
 */
#include "blocks.h"
#include "emit.h"
#include "walk.h"
#include "walks.h"

struct item {
	uint32_t firsts;		/* first successors, and then: */
	bool second;			/* the second successor; else: */
	bool cut;			/* a part of NODE; else all of it */
	uint32_t node, bytes, insns;
};

/* Reads an item of C; false if it is not all there. */
static inline __attribute__((always_inline)) bool next_item(struct cursor *c, struct item *x)
{
	const uint8_t *p = run_get(c->p, c->end, &x->firsts);

	if (!p)
		return false;
	*x = (struct item){ .firsts = x->firsts >> 1, .second = !(x->firsts & 1) };
	if (!x->second) {
		p = run_get(p, c->end, &x->node);
		x->cut = p && !x->node;
	}
	if (x->cut && (p = run_get(p, c->end, &x->node)) && (p = run_get(p, c->end, &x->bytes)))
		p = run_get(p, c->end, &x->insns);
	if (p)
		c->p = p;
	return p;
}

/* Why nothing can be decoded from OFFSET on; all of C is used up. */
static void lose(struct trace *t, struct cursor *c, uint64_t offset, const char *why)
{
	trace_complain(t, offset, "RUN packet with %s; the rest of it, and RUN packets after it, cannot be decoded",
		       why);
	t->blocks->lost = true;
	c->p = c->end;
}

/* What becomes of blocks: E records, W records, or with -c counts, and with -cb counts of steps. */
enum become { AS_E, AS_W, AS_COUNTS, AS_STEPS };

/* N times to the first successor.  False if there is none. */
static inline __attribute__((always_inline)) bool go_firsts(struct walk *w, uint32_t n, enum become as)
{
	switch (as) {
	case AS_E: return walk_write(w, n);
	case AS_W: return walks_firsts(w->walks, &w->node, n);
	case AS_COUNTS: return walk_count(w, n, false);
	case AS_STEPS: return walk_count(w, n, true);
	}
	return false;
}

static inline __attribute__((always_inline)) void go_to(struct walk *w, uint32_t node, enum become as)
{
	switch (as) {
	case AS_E:
		walk_write_to(w, node);
		return;
	case AS_W:
		walks_to(w->walks, w->node = node);
		return;
	case AS_COUNTS:
		walk_count_to(w, node, false);
		return;
	case AS_STEPS:
		walk_count_to(w, node, true);
		return;
	}
}

/* Takes one item; returns what is wrong with it, or NULL. */
static inline __attribute__((always_inline)) const char *
take(struct walk *w, struct blocks *b, struct item *x, enum become as)
{
	struct run_node *from;

	if (x->firsts >= b->left)
		return "more blocks than it says";
	b->left -= x->firsts + 1;
	if (!go_firsts(w, x->firsts, as))
		return "a block whose successor is not known";
	from = &b->node[w->node];
	if (x->second)
		x->node = run_second(from);
	if (!x->node || x->node >= b->n)
		return x->second ? "a block whose second successor is not known" :
				   "a block of which no BLOCK packet came";
	if (x->cut && x->bytes > b->block[x->node].size)
		return "more bytes of a block than it has";
	run_step(from, x->node);
	if (x->cut)
		walk_cut(w, x->node, x->bytes, x->insns);
	else
		go_to(w, x->node, as);
	return NULL;
}

/* Takes the items of C; LAST: it has the end of its packet. */
static inline __attribute__((always_inline)) void
items(struct trace *t, struct walk *w, struct cursor *c, uint64_t offset, bool last, enum become as)
{
	struct blocks *b = t->blocks;
	const uint8_t *begin = c->p, *at = begin;
	const char *why = NULL;
	struct item x;

	while (c->p < c->end && !why) {
		at = c->p;
		if (next_item(c, &x))
			why = take(w, b, &x, as);
		else if (last || cursor_left(c) >= RUN_ITEM_MAX)
			why = "an item that is malformed";
		else
			break;
	}
	if (!why && last && !go_firsts(w, b->left, as)) {
		at = c->p;
		why = "a block whose successor is not known";
	}
	if (why)
		lose(t, c, offset + (uint64_t)(at - begin), why);
}

/* The packet's first bytes; false if there is nothing to do. */
static bool header(struct trace *t, const struct pkt *k, struct cursor *c)
{
	if (cursor_left(c) < WIRE_RUN_SIZE)
		return false;
	if (!t->blocks)
		t->blocks = blocks_new();
	t->blocks->time = cursor_u64(c);
	t->blocks->left = cursor_u32(c);
	if (t->blocks->left <= WIRE_RUN_BLOCKS || t->blocks->lost)
		return true;
	lose(t, c, k->offset, "more blocks than one can have");
	return false;
}

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	bool last = !k->cut && k->at + cursor_left(c) == k->len;
	const uint8_t *begin = c->p;
	uint64_t offset = k->offset + WIRE_HEADER + k->at;
	struct walk w;

	if (!k->at && !header(t, k, c))
		return;
	if (t->blocks->lost) {
		c->p = c->end;
		return;
	}
	offset += (uint64_t)(c->p - begin);
	walk_begin(&w, t, k->unit);
	if (w.flow)
		items(t, &w, c, offset, last, AS_STEPS);
	else if (w.ran)
		items(t, &w, c, offset, last, AS_COUNTS);
	else if (w.walks)
		items(t, &w, c, offset, last, AS_W);
	else
		items(t, &w, c, offset, last, AS_E);
	walk_end(&w);
}

const struct pkt_kind pkt_run = { WIRE_RUN, true, WIRE_RUN_SIZE, "RUN", decode };
