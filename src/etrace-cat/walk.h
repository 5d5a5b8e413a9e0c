/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks that run one after the other: as E records, as W records, or with -c counted, or with -cb the steps.
 */
#ifndef ETRACE_WALK_H
#define ETRACE_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "in-etrace.h"

struct walk {
	struct trace *t;
	struct run_node *table;		/* by node (run.h) */
	unsigned unit;
	uint32_t node;			/* that ran last; 0 at first */
	uint32_t n;			/* how often in a row, where that is not written yet */
	struct walks *walks;		/* with -W: what writes them; or NULL */
	uint64_t *ran;			/* with -c: how often each ran, by node; ... */
	struct follow *flow;		/* ... with -cb: how often which followed which */
	uint32_t part;			/* with -cb: that ran last, and 1, if NODE was cut */
	char head[16];			/* "E TAB unit TAB", with "- TAB" after it if there are no times */
	uint8_t head_len;
};

/* A walk goes on where the last one of UNIT ended; between both calls t->blocks does not change. */
void walk_begin(struct walk *w, struct trace *t, uint16_t unit);
void walk_end(struct walk *w);

/* N times to the first successor, written or counted.  False if there is none. */
bool walk_write(struct walk *w, uint32_t n);
bool walk_count_loop(struct walk *w, uint32_t n);
bool walk_step_loop(struct walk *w, uint32_t n);

/* To NODE, or to a part of it. */
void walk_write_to(struct walk *w, uint32_t node);
void walk_cut(struct walk *w, uint32_t node, uint32_t bytes, uint32_t insns);

/* What the functions above do where blocks are counted. */
void walk_count_begin(struct walk *w);
void walk_count_cut(struct walk *w, uint32_t node, uint32_t bytes, uint32_t insns);

/* N times from FROM to TO.  STEPS: counts the step, else the block alone. */
static inline __attribute__((always_inline)) void
walk_add(struct walk *w, uint32_t from, uint32_t to, uint64_t n, bool steps)
{
	if (steps)
		follow_count(w->flow, from, to, n);
	else
		w->ran[to] += n;
}

/* From the part that ran last to NODE; and to its first successor, which is false if there is none. */
void walk_part_to(struct walk *w, uint32_t node);
bool walk_part_first(struct walk *w);

/* Short ones are counted as they come; for others it pays to look for a loop. */
static inline __attribute__((always_inline)) bool walk_count(struct walk *w, uint32_t n, bool steps)
{
	enum { LOOP_MIN = 32 };
	uint32_t node;

	if (steps && n && __builtin_expect(w->part, 0) && (n--, !walk_part_first(w)))
		return false;
	if (n >= LOOP_MIN)
		return steps ? walk_step_loop(w, n) : walk_count_loop(w, n);
	for (node = w->node; n; n--) {
		uint32_t next = w->table[node].first;

		if (!next)
			return false;
		run_first(&w->table[node]);
		if (next == node) {
			walk_add(w, node, node, n, steps);
			break;
		}
		walk_add(w, node, next, 1, steps);
		node = next;
	}
	w->node = node;
	return true;
}

static inline __attribute__((always_inline)) void walk_count_to(struct walk *w, uint32_t node, bool steps)
{
	if (steps && __builtin_expect(w->part, 0)) {
		walk_part_to(w, node);
		return;
	}
	walk_add(w, w->node, node, 1, steps);
	w->node = node;
}

#endif
