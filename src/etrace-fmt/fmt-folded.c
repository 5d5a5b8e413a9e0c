/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folded stacks, which flamegraph.pl, inferno and speedscope read: a line a stack, its functions from the outermost to
 * the innermost with semicolons between them, then a blank and what was spent there.
 * in:  S<TAB>_start;main;collatz<TAB>3390<TAB>10170
 * out: _start;main;collatz 10170
 */
#include <stdlib.h>
#include <string.h>

#include "fmt.h"

static int by_text(const void *a, const void *b, void *stacks)
{
	const struct stacks *x = stacks;

	return strcmp(intern_text(x->texts, *(const uint32_t *)a, NULL), intern_text(x->texts, *(const uint32_t *)b, NULL));
}

static enum status render(struct stacks *x, const struct fmt_view *view, struct out *o)
{
	uint32_t n = intern_count(x->texts), *order = must_calloc(n, sizeof *order);

	(void)view;
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof *order, by_text, x);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t cost = stacks_cost(x, x->cost[order[i]]);

		if (!cost)
			continue;
		fmt_name(o, intern_text(x->texts, order[i], NULL), ',');
		out_char(o, ' ');
		out_dec(o, cost);
		out_char(o, '\n');
	}
	free(order);
	return ST_OK;
}

const struct fmt fmt_folded = {
	.name = "folded", .what = "stacks for flame graphs: flamegraph.pl, inferno, speedscope", .stacks = render,
};
