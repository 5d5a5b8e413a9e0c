/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts blocks that run one after the other, or with -cb the steps.
 * in:  nodes 8 9 8 9
 * out: 8 twice, 9 twice; or 9 after 8 twice, 8 after 9 once
 */
#include "walk.h"

#include "emit.h"

void walk_count_begin(struct walk *w)
{
	struct trace *t = w->t;
	struct blocks *b = t->blocks;

	for (;;) {
		if (t->fold->has_steps)
			w->flow = fold_nodes(t->fold, (uint16_t)w->unit, b->cap);
		else
			w->ran = fold_ran(t->fold, (uint16_t)w->unit, b->cap);
		if (w->flow || w->ran)
			return;
		trace_write_folded(t);
	}
}

/*
 * While only first successors are taken, each block is followed by the same one: a block that comes again begins
 * a loop, which is counted by its rounds.  It is looked for as Brent does ("An improved Monte Carlo factorization
 * algorithm", 1980): at one block that is remembered, a later one each time that twice as many have passed.
 */
static inline __attribute__((always_inline)) bool count_loop(struct walk *w, uint32_t n, bool steps)
{
	struct run_node *table = w->table;
	uint32_t node = w->node, mark = node, since = 0, look = 16, next;

	while (n) {
		run_first(&table[node]);
		next = table[node].first;
		if (!next)
			return false;
		walk_add(w, node, next, 1, steps);
		node = next;
		n--;
		since++;
		if (node == mark) {
			uint32_t rounds = n / since;

			n -= rounds * since;
			for (uint32_t i = 0; rounds && i < since; i++, node = next) {
				next = table[node].first;
				walk_add(w, node, next, rounds, steps);
			}
			mark = 0;
			since = 0;
			look = UINT32_MAX;
		} else if (since == look) {
			mark = node;
			since = 0;
			look *= 2;
		}
	}
	w->node = node;
	return true;
}

bool walk_count_loop(struct walk *w, uint32_t n)
{
	return count_loop(w, n, false);
}

bool walk_step_loop(struct walk *w, uint32_t n)
{
	return count_loop(w, n, true);
}

static uint32_t part_number(const struct walk *w)
{
	return FOLLOW_RARE + w->part - 1;
}

void walk_part_to(struct walk *w, uint32_t node)
{
	follow_add(w->flow, part_number(w), node, 1);
	w->part = 0;
	w->node = node;
}

bool walk_part_first(struct walk *w)
{
	struct run_node *from = &w->table[w->node];

	run_first(from);
	if (from->first)
		walk_part_to(w, from->first);
	return from->first;
}

void walk_count_cut(struct walk *w, uint32_t node, uint32_t bytes, uint32_t insns)
{
	struct blocks *blocks = w->t->blocks;
	const struct block *b = &blocks->block[node];
	struct fold_cpu *cpu = fold_cpu(w->t->fold, (uint16_t)w->unit);
	uint32_t from;

	fold_add(cpu, fold_block(b->token, b->start, bytes, 1, insns), fold_fits(cpu, insns));
	if (!w->flow)
		return;
	from = w->part ? part_number(w) : w->node;
	w->part = blocks_part(blocks, (struct blocks_part){ node, bytes }) + 1;
	follow_add(w->flow, from, part_number(w), 1);
}
