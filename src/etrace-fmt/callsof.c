/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes callers and callees of one function.
 * in:  -F work, where main;work has 9068 of its own, and main;work;leaf 2834
 * out: work: calls 2, total 10.1 %, self 7.7 %
 *      100.0 %             2  100.0 %  main
 *       76.2 %             -         -  (itself)
 *       23.8 %          1417  100.0 %  leaf
 */
#include "callsof.h"

#include <stdlib.h>
#include <string.h>

#include "callrow.h"
#include "count.h"

/* One of the callers or callees. */
struct other {
	uint32_t name;
	uint64_t cost;
	const struct stacks_calls *calls;	/* or NULL */
};

struct others {
	struct other *o;		/* those that cost most first, once settled */
	size_t n, cap;
	struct stacks_calls calls;	/* all of them */
};

static void add(struct others *x, struct other o)
{
	GROW(x->o, x->n, x->cap);
	x->o[x->n++] = o;
	if (o.calls)
		count_add(&x->calls.count, o.calls->count);
}

static int by_name(const void *a, const void *b)
{
	const struct other *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

static int by_cost(const void *a, const void *b, void *stacks)
{
	const struct other *x = a, *y = b;
	uint64_t m = x->calls ? x->calls->count : 0, n = y->calls ? y->calls->count : 0;

	if (x->cost != y->cost)
		return x->cost > y->cost ? -1 : 1;
	if (m != n)
		return m > n ? -1 : 1;
	return strcmp(stacks_name(stacks, x->name), stacks_name(stacks, y->name));
}

/* Makes one of those of one name. */
static void settle(struct others *x, const struct stacks *stacks)
{
	size_t n = 0;

	if (!x->n)
		return;
	qsort(x->o, x->n, sizeof *x->o, by_name);
	for (size_t i = 0; i < x->n; i++) {
		struct other *to = n && x->o[n - 1].name == x->o[i].name ? &x->o[n - 1] : NULL;

		if (!to) {
			x->o[n++] = x->o[i];
			continue;
		}
		count_add(&to->cost, x->o[i].cost);
		to->calls = to->calls ? to->calls : x->o[i].calls;
	}
	x->n = n;
	qsort_r(x->o, n, sizeof *x->o, by_cost, (void *)(uintptr_t)stacks);
}

/* The function, and what the tree has of it. */
struct focus {
	uint32_t name;
	uint64_t total, own;
	struct others callers, callees;
};

static void add_costs(struct focus *f, const struct tree *t)
{
	for (uint32_t i = 1; i < t->n; i++) {
		const struct tree_node *n = &t->node[i];

		if (n->name != f->name || tree_below(t, n->parent, f->name))
			continue;
		count_add(&f->total, n->all);
		count_add(&f->own, n->own);
		if (n->parent)
			add(&f->callers, (struct other){ t->node[n->parent].name, n->all, NULL });
		for (uint32_t k = n->first; k < n->first + n->n_children; k++)
			add(&f->callees, (struct other){ t->node[k].name, t->node[k].all, NULL });
	}
}

static void add_calls(struct focus *f, const struct stacks *x)
{
	for (size_t i = 0; i < x->n_calls; i++) {
		const struct stacks_calls *c = &x->calls[i];

		if (c->to == f->name)
			add(&f->callers, (struct other){ c->from, 0, c });
		if (c->from == f->name)
			add(&f->callees, (struct other){ c->to, 0, c });
	}
}

static void put_other(const struct others *all, const struct other *x, uint64_t total, const char *name, struct out *o)
{
	callrow_share(o, x->cost, total);
	out_char(o, ' ');
	callrow_calls(o, x->calls);
	out_str(o, "  ");
	if (x->calls)
		callrow_share(o, x->calls->count, all->calls.count);
	else
		out_str(o, "      -");
	out_str(o, "  ");
	callrow_name(o, name, CALLROW_WIDTH - (7 + 1 + 13 + 2 + 7 + 2), "");
}

/* Those that are a share of the cost or of the calls; the others in one row. */
static void put_others(const struct others *x, uint64_t total, const struct stacks *stacks, const struct fmt_view *view,
		       struct out *o)
{
	struct stacks_calls calls = { .count = 0 };
	struct other rest = { .calls = &calls };
	unsigned n = 0;
	char text[64];

	for (size_t i = 0; i < x->n; i++) {
		const struct other *one = &x->o[i];

		if (!callrow_is_small(view, one->cost, total) ||
		    (one->calls && !callrow_is_small(view, one->calls->count, x->calls.count))) {
			put_other(x, one, total, stacks_name(stacks, one->name), o);
			continue;
		}
		n++;
		count_add(&rest.cost, one->cost);
		count_add(&calls.count, one->calls ? one->calls->count : 0);
	}
	snprintf(text, sizeof text, "... %u more; -t 0 shows them", n);
	if (n)
		put_other(x, &rest, total, text, o);
}

static void put_focus(const struct focus *f, const struct stacks *x, const struct tree *t, const struct fmt_view *view,
		      struct out *o)
{
	callrow_head(o, x);
	out_char(o, '\n');
	callrow_name(o, stacks_name(x, f->name), CALLROW_WIDTH, "");
	out_printf(o, "calls %llu, total ", (unsigned long long)f->callers.calls.count);
	callrow_share(o, f->total, t->node[0].all);
	out_str(o, ", self ");
	callrow_share(o, f->own, t->node[0].all);
	out_str(o, "\n\n   cost         calls           called by\n");
	put_others(&f->callers, f->total, x, view, o);
	out_str(o, "\n   cost         calls           calls\n");
	put_other(&f->callees, &(struct other){ .cost = f->own }, f->total, "(itself)", o);
	put_others(&f->callees, f->total, x, view, o);
}

/* How well a name is the one that is asked for: 0 not at all; C++'s have parameters, which may be left out. */
static int fits(const char *name, const char *asked)
{
	size_t n = strlen(asked);

	if (!strcmp(name, asked))
		return 3;
	if (!strncmp(name, asked, n) && name[n] == '(')
		return 2;
	return strstr(name, asked) ? 1 : 0;
}

static bool find(const struct stacks *x, const char *asked, uint32_t *name)
{
	uint32_t found[8], n = 0;
	int best = 1;

	for (uint32_t i = 0; i < intern_count(x->names); i++) {
		int fit = fits(stacks_name(x, i), asked);

		n = fit > best ? 0 : n;
		best = fit > best ? fit : best;
		if (fit == best && n++ < 8)
			found[n - 1] = i;
	}
	if (!n)
		warn("-F %s: no function that ran has a name like that", asked);
	else if (n > 1)
		warn("-F %s: %u functions have a name like that; which one?", asked, n);
	for (uint32_t i = 0; n > 1 && i < n && i < 8; i++)
		warn("  %s", stacks_name(x, found[i]));
	if (n == 1)
		*name = found[0];
	return n == 1;
}

enum status callsof(const struct stacks *x, const struct tree *t, const struct fmt_view *view, struct out *o)
{
	struct focus f = { .total = 0 };

	if (!find(x, view->function, &f.name))
		return ST_USAGE;
	add_costs(&f, t);
	add_calls(&f, x);
	settle(&f.callers, x);
	settle(&f.callees, x);
	put_focus(&f, x, t, view, o);
	free(f.callers.o);
	free(f.callees.o);
	return ST_OK;
}
