/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes W records (steps.h).  Two tables of successors change at each block: that of the trace (run.h), by which it is
 * known where the CPU went, and that of the record, by which its reader will know it.
 *
 * in:  nodes 8 9 8 9 8 9
 * out: W<TAB>0<TAB>-<TAB>6<TAB>111211<TAB>:2f1c9a07<TAB>40201a48<TAB>12<TAB>3<TAB>:90b5e1d2<TAB>40201a54<TAB>8<TAB>2
 */
#include "walks.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "emit.h"
#include "num.h"
#include "steps.h"

enum {
	BLOCKS_MAX = 16384,		/* of a record */
	PARTS_MAX = 64,			/* of them that were cut */
	STEPS_FULL = 256 * 1024,		/* bytes from which on a record is written */
};

/* A block that was cut, a node of its own in the record. */
struct part {
	uint32_t node, bytes, insns;
	uint32_t number;
	struct run_node successors;
};

/* Parts have the last nodes that there can be. */
#define PART_FIRST (RUN_AGAIN - PARTS_MAX)

struct walks {
	struct out *out;
	bool times;
	const struct blocks *b;
	/* The record under way; there is none if it has no blocks: */
	unsigned unit;
	uint64_t time, ns;		/* when it begins, and what its blocks take */
	uint64_t count;			/* blocks that ran, up to the last item, ... */
	uint32_t firsts;		/* ... and since then */
	struct run_node *from;		/* successors of what ran last */
	struct run_node *successors;	/* by node, and nodes; [0]: of where the record begins */
	uint32_t *number;		/* by node: in the record, or 0 */
	uint32_t cap;			/* of both */
	struct part part[PARTS_MAX];
	uint32_t n_part;
	uint32_t node[BLOCKS_MAX];	/* by number - 1 */
	uint32_t n_node;
	size_t n_steps;
	char steps[STEPS_FULL + STEPS_ITEM_MAX];
};

struct walks *walks_new(struct out *o, bool times)
{
	struct walks *x = must_calloc(1, sizeof *x);

	x->out = o;
	x->times = times;
	return x;
}

void walks_free(struct walks *x)
{
	if (!x)
		return;
	free(x->successors);
	free(x->number);
	free(x);
}

/* Room for the nodes of b; those that are new have no successors. */
static void grow(struct walks *x)
{
	uint32_t n = x->b->cap - x->cap;
	size_t from = x->n_node ? (size_t)(x->from - x->successors) : 0;

	x->successors = must_realloc(x->successors, x->b->cap, sizeof *x->successors);
	x->number = must_realloc(x->number, x->b->cap, sizeof *x->number);
	memset(x->successors + x->cap, 0, n * sizeof *x->successors);
	memset(x->number + x->cap, 0, n * sizeof *x->number);
	x->cap = x->b->cap;
	x->from = x->successors + from;
}

void walks_begin(struct walks *x, const struct blocks *b, unsigned unit, uint64_t time, uint32_t count)
{
	bool apart = x->times && walks_time(x) != time;

	if (x->n_node && (unit != x->unit || apart || x->firsts + count > STEPS_FIRSTS_MAX))
		walks_end(x);
	x->b = b;
	if (x->cap < b->cap)
		grow(x);
	if (x->n_node)
		return;
	x->unit = unit;
	x->time = time;
	x->from = x->successors;
}

uint64_t walks_time(const struct walks *x)
{
	return x->time + x->ns;
}

/* "TAB in TAB start TAB size TAB ns" of a node. */
static void put_block(const struct walks *x, uint32_t node)
{
	const struct part *part = node >= PART_FIRST ? &x->part[node - PART_FIRST] : NULL;
	const struct block *b = &x->b->block[part ? part->node : node];
	char *p = out_room(x->out, 1 + EMIT_BLOCK_MAX + 1 + NUM_MAX);

	*p++ = '\t';
	p = emit_block(p, b->token, b->start, part ? part->bytes : b->size);
	*p++ = '\t';
	out_upto(x->out, num_dec(p, part ? part->insns : b->insns));
}

/* Forgets the record; the next one goes on where it ended. */
static void forget(struct walks *x)
{
	for (uint32_t i = 0; i < x->n_node; i++) {
		if (x->node[i] >= PART_FIRST)
			continue;
		x->successors[x->node[i]] = (struct run_node){ .first = 0 };
		x->number[x->node[i]] = 0;
	}
	x->successors[0] = (struct run_node){ .first = 0 };
	x->from = x->successors;
	x->time += x->ns;
	x->ns = x->count = x->n_steps = 0;
	x->firsts = x->n_node = x->n_part = 0;
}

void walks_end(struct walks *x)
{
	if (!x->n_node)
		return;
	out_str(x->out, "W\t");
	out_dec(x->out, x->unit);
	out_char(x->out, '\t');
	if (x->times)
		out_dec(x->out, x->time);
	else
		out_char(x->out, '-');
	out_char(x->out, '\t');
	out_dec(x->out, x->count + x->firsts);
	out_char(x->out, '\t');
	out_mem(x->out, x->steps, x->n_steps);
	for (uint32_t i = 0; i < x->n_node; i++)
		put_block(x, x->node[i]);
	out_char(x->out, '\n');
	forget(x);
}

/* From the last block to one with *NUMBER that is not its first successor in the record. */
static void put_item(struct walks *x, uint32_t node, uint32_t *number)
{
	bool second = run_second(x->from) == node;
	char *p = steps_put(x->steps + x->n_steps, x->firsts << 1 | !second);

	if (!*number) {
		x->node[x->n_node++] = node;
		*number = x->n_node;
	}
	if (!second)
		p = steps_put(p, *number);
	x->n_steps = (size_t)(p - x->steps);
	x->count += x->firsts + 1;
	x->firsts = 0;
	run_step(x->from, node);
}

/* The same where the record may be full. */
static void step(struct walks *x, uint32_t node)
{
	if (x->n_steps >= STEPS_FULL || (!x->number[node] && x->n_node == BLOCKS_MAX))
		walks_end(x);
	put_item(x, node, &x->number[node]);
}

void walks_to(struct walks *x, uint32_t node)
{
	if (x->from->first == node) {
		run_first(x->from);
		x->firsts++;
	} else {
		step(x, node);
	}
	x->from = &x->successors[node];
	x->ns += x->b->block[node].insns;
}

/* The part of a node, in the record; NULL if there is none and no room. */
static struct part *find_part(struct walks *x, struct part like)
{
	struct part *p = x->part, *end = p + x->n_part;

	while (p < end && (p->node != like.node || p->bytes != like.bytes || p->insns != like.insns))
		p++;
	if (p < end)
		return p;
	if (x->n_part == PARTS_MAX || x->n_node == BLOCKS_MAX)
		return NULL;
	*p = like;
	x->n_part++;
	return p;
}

void walks_cut(struct walks *x, uint32_t node, uint32_t bytes, uint32_t insns)
{
	const struct part like = { .node = node, .bytes = bytes, .insns = insns };
	struct part *part = x->n_steps < STEPS_FULL ? find_part(x, like) : NULL;

	if (!part) {
		walks_end(x);
		part = find_part(x, like);
	}
	put_item(x, PART_FIRST + (uint32_t)(part - x->part), &part->number);
	x->from = &part->successors;
	x->ns += insns;
}

/*
 * A loop is looked for as walk_count_loop() does: once each block of it was the first successor in both tables, so it
 * is for all rounds.  TIMES: x->ns is to be known.
 */
static inline __attribute__((always_inline)) bool go(struct walks *x, uint32_t *at, uint32_t n, bool times)
{
	const struct block *block = x->b->block;
	struct run_node *table = x->b->node, *from = x->from;
	uint32_t node = *at, mark = 0, since = 0, look = 16;
	uint64_t mark_ns = 0;

	while (n) {
		run_first(&table[node]);
		node = table[node].first;
		if (__builtin_expect(from->first == node && node, 1)) {
			run_first(from);
			x->firsts++;
		} else if (node) {
			x->from = from;
			step(x, node);
			mark = since = 0;
			look = 16;
		} else {
			return false;
		}
		from = &x->successors[node];
		x->ns += times ? block[node].insns : 0;
		n--;
		since++;
		if (node == mark) {
			uint32_t rounds = n / since;

			n -= rounds * since;
			x->firsts += rounds * since;
			x->ns += times ? rounds * (x->ns - mark_ns) : 0;
			mark = 0;
			look = UINT32_MAX;
		} else if (since == look) {
			mark = node;
			mark_ns = x->ns;
			since = 0;
			look *= 2;
		}
	}
	*at = node;
	x->from = from;
	return true;
}

bool walks_firsts(struct walks *x, uint32_t *at, uint32_t n)
{
	return x->times ? go(x, at, n, true) : go(x, at, n, false);
}
