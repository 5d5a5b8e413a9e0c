/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who called whom, for people: a tree from callers to callees; or with -F the callers and callees of one function.
 * in:  S<TAB>main;work;leaf<TAB>5<TAB>36; C ... main ... work 2; C ... work ... leaf 1417
 * out:   total    self         calls  function
 *      100.0 %   0.1 %             -  main
 *       92.1 %  69.0 %             2    work
 *       23.1 %  23.1 %          1417      leaf
 */
#include <string.h>

#include "callrow.h"
#include "calls.h"
#include "callsof.h"
#include "tree.h"

/* Columns before the function; how far its name is moved at the most, by two a level. */
enum { NUMBERS = 7 + 1 + 7 + 1 + 13 + 2, INDENT_MAX = 24 };

struct page {
	struct out *o;
	const struct stacks *x;
	const struct fmt_view *view;
	struct tree tree;
	bool hides;			/* something was left out */
};

/* Moves a name to its level; from some level on a number says which that is.  Returns how many columns are left. */
static size_t indent(const struct page *p, uint32_t level)
{
	size_t columns = 2 * (size_t)level, left = CALLROW_WIDTH - NUMBERS;
	char text[NUM_MAX];

	if (columns <= INDENT_MAX) {
		fmt_left(p->o, "", 0, columns);
		return left - columns;
	}
	columns = (size_t)(num_dec(text, level) - text);
	fmt_left(p->o, "", 0, INDENT_MAX);
	out_char(p->o, '[');
	out_mem(p->o, text, columns);
	out_str(p->o, "] ");
	return left - INDENT_MAX - columns - 3;
}

/* Whether a name stands for all functions that have none, or for what is not known. */
static bool is_unknown(const struct page *p, uint32_t name)
{
	return !strcmp(stacks_name(p->x, name), STACK_UNKNOWN);
}

/* The calls of a node by the one above it; where a stack begins with that what called is not known. */
static const struct stacks_calls *calls_of(const struct page *p, const struct tree_node *n)
{
	const struct tree_node *parent = &p->tree.node[n->parent];

	if (!parent->depth || (parent->depth == 1 && is_unknown(p, parent->name)))
		return NULL;
	return callrow_between(p->x, parent->name, n->name);
}

static void put_node(const struct page *p, const struct tree_node *n)
{
	uint64_t all = p->tree.node[0].all;

	callrow_share(p->o, n->all, all);
	out_char(p->o, ' ');
	callrow_share(p->o, n->own, all);
	out_char(p->o, ' ');
	callrow_calls(p->o, calls_of(p, n));
	out_str(p->o, "  ");
	callrow_name(p->o, stacks_name(p->x, n->name), indent(p, n->depth - 1), "");
}

/* A row without a function's own numbers. */
static void put_note(const struct page *p, const struct stacks_calls *calls, uint32_t level, const char *name,
		     const char *note)
{
	out_str(p->o, "      - ");
	callrow_calls(p->o, calls);
	out_str(p->o, "  ");
	callrow_name(p->o, name, indent(p, level), note);
}

/* Calls of what a function is called by, or of itself, which cost nothing more than is said above. */
static void put_recursions(const struct page *p, uint32_t i)
{
	const struct tree_node *n = &p->tree.node[i];
	size_t k;
	const struct stacks_calls *c = callrow_from(p->x, n->name, &k);

	if (is_unknown(p, n->name))
		return;
	for (; c && k; k--, c++)
		if (tree_below(&p->tree, i, c->to) && !is_unknown(p, c->to)) {
			out_str(p->o, "      - ");
			put_note(p, c, n->depth, stacks_name(p->x, c->to), " (recursion)");
		}
}

/* The children of one from I up to END in one row, if they are a share of their own together. */
static void put_rest(struct page *p, uint32_t i, uint32_t end)
{
	uint32_t level = p->tree.node[i].depth - 1, n = end - i;
	uint64_t all = p->tree.node[0].all, sum = 0;
	char note[64];

	for (; i < end; i++)
		sum += p->tree.node[i].all;
	p->hides = true;
	if (callrow_is_small(p->view, sum, all))
		return;
	snprintf(note, sizeof note, "... %u more", (unsigned)n);
	callrow_share(p->o, sum, all);
	out_char(p->o, ' ');
	put_note(p, NULL, level, "", note);
}

/* What comes after I's children: the next child of what it is a child of, or of what that is one of; 0 at the end. */
static uint32_t after(const struct tree *t, uint32_t i)
{
	for (; i; i = t->node[i].parent) {
		const struct tree_node *parent = &t->node[t->node[i].parent];

		if (i + 1 < parent->first + parent->n_children)
			return i + 1;
	}
	return 0;
}

static void put_tree(struct page *p)
{
	const struct tree *t = &p->tree;
	uint32_t i = t->node[0].first;

	while (i) {
		const struct tree_node *n = &t->node[i], *parent = &t->node[n->parent];

		if (callrow_is_small(p->view, n->all, t->node[0].all)) {
			put_rest(p, i, parent->first + parent->n_children);
			i = after(t, n->parent);
			continue;
		}
		put_node(p, n);
		put_recursions(p, i);
		i = n->n_children ? n->first : after(t, i);
	}
}

static enum status render(struct stacks *x, const struct fmt_view *view, struct out *o)
{
	struct page p = { .o = o, .x = x, .view = view };
	enum status status = ST_OK;

	tree_make(&p.tree, x);
	if (view->function) {
		status = callsof(x, &p.tree, view, o);
	} else {
		callrow_head(o, x);
		out_str(o, "total: with all that it called; self: without; calls: by the function above it,\n"
			   "wherever that is\n\n"
			   "  total    self         calls  function\n");
		put_tree(&p);
		if (p.hides)
			out_printf(o, "\nWhat took less than %g %% is left out; -t 0 shows it.\n", view->least);
	}
	tree_free(&p.tree);
	return status;
}

const struct fmt fmt_calls = {
	.name = "calls", .what = "who called whom: a tree; with -F the callers and callees of one function",
	.stacks = render, .views = true,
};
