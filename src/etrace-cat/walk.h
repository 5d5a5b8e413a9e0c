/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks that run one after the other: as E records, as W records, or with -c counted.
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
	uint64_t *ran;			/* with -c: how often each ran, by node */
	char head[16];			/* "E TAB unit TAB", with "- TAB" after it if there are no times */
	uint8_t head_len;
};

/* A walk goes on where the last one of UNIT ended; between both calls t->blocks does not change. */
void walk_begin(struct walk *w, struct trace *t, uint16_t unit);
void walk_end(struct walk *w);

/* N times to the first successor, written or counted.  False if there is none. */
bool walk_write(struct walk *w, uint32_t n);
bool walk_count_loop(struct walk *w, uint32_t n);

/* To NODE, or to a part of it. */
void walk_write_to(struct walk *w, uint32_t node);
void walk_cut(struct walk *w, uint32_t node, uint32_t bytes, uint32_t insns);

/* Short ones are counted as they come; for others it pays to look for a loop. */
static inline bool walk_count(struct walk *w, uint32_t n)
{
	enum { LOOP_MIN = 32 };
	uint32_t node = w->node;

	if (n >= LOOP_MIN)
		return walk_count_loop(w, n);
	for (; n; n--) {
		uint32_t next = w->table[node].first;

		if (!next)
			return false;
		run_first(&w->table[node]);
		if (next == node) {
			w->ran[node] += n;
			break;
		}
		w->ran[node = next]++;
	}
	w->node = node;
	return true;
}

static inline void walk_count_to(struct walk *w, uint32_t node)
{
	w->ran[w->node = node]++;
}

#endif
