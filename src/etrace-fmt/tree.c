/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a tree of stacks.
 * in:  main 10, main;work 20, main;work;leaf 5, main;init 1
 * out: main 36 / work 25 / leaf 5; init 1
 */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"

/* A node while the tree grows: children come after their parents, in any order. */
struct grown {
	struct tree_node *node;
	size_t n, cap;
	struct intern *keys;		/* (parent, name); a key's number + 1 is the index of its node */
	struct stacks *x;
};

static uint32_t child(struct grown *g, uint32_t parent, const char *name, size_t len)
{
	uint32_t key[2] = { parent }, i;
	bool fresh;

	key[1] = intern_put(g->x->names, name, len, &fresh);
	i = intern_put(g->keys, (char *)key, sizeof key, &fresh) + 1;
	if (fresh) {
		GROW(g->node, g->n, g->cap);
		g->node[g->n++] = (struct tree_node){ .name = key[1], .parent = parent,
						      .depth = g->node[parent].depth + 1 };
		g->node[parent].n_children++;
	}
	return i;
}

static void add_stack(struct grown *g, const char *text, uint64_t cost)
{
	uint32_t at = 0;

	for (;;) {
		size_t len = strcspn(text, ";");

		at = child(g, at, text, len);
		if (!text[len])
			break;
		text += len + 1;
	}
	count_add(&g->node[at].own, cost);
}

static int by_parent(const void *a, const void *b, void *grown)
{
	const struct grown *g = grown;
	const struct tree_node *p = &g->node[*(const uint32_t *)a], *q = &g->node[*(const uint32_t *)b];

	if (p->depth != q->depth)
		return p->depth < q->depth ? -1 : 1;
	if (p->parent != q->parent)
		return p->parent < q->parent ? -1 : 1;
	if (p->all != q->all)
		return p->all > q->all ? -1 : 1;
	return strcmp(stacks_name(g->x, p->name), stacks_name(g->x, q->name));
}

/* Level by level, so that parents come before children, and children of one are next to each other. */
static void put_in_order(struct tree *t, struct grown *g)
{
	uint32_t *order = must_calloc(g->n, sizeof *order), *place = must_calloc(g->n, sizeof *place);

	for (uint32_t i = 0; i < g->n; i++)
		order[i] = i;
	qsort_r(order, g->n, sizeof *order, by_parent, g);
	for (uint32_t i = 0; i < g->n; i++)
		place[order[i]] = i;
	t->n = (uint32_t)g->n;
	t->node = must_calloc(g->n, sizeof *t->node);
	for (uint32_t i = g->n - 1; i; i--) {
		t->node[i] = g->node[order[i]];
		t->node[i].parent = place[t->node[i].parent];
	}
	t->node[0] = g->node[0];
	for (uint32_t i = t->n - 1; i; i--)
		t->node[t->node[i].parent].first = i;
	free(order);
	free(place);
}

void tree_make(struct tree *t, struct stacks *x)
{
	struct grown g = { .x = x, .keys = intern_new() };

	GROW(g.node, g.n, g.cap);
	g.node[g.n++] = (struct tree_node){ .n_children = 0 };
	for (uint32_t i = 0; i < intern_count(x->texts); i++)
		add_stack(&g, intern_text(x->texts, i, NULL), stacks_cost(x, x->cost[i]));
	for (size_t i = g.n - 1; i; i--) {
		struct tree_node *n = &g.node[i];

		count_add(&n->all, n->own);
		count_add(&g.node[n->parent].all, n->all);
	}
	put_in_order(t, &g);
	intern_free(g.keys);
	free(g.node);
}

void tree_free(struct tree *t)
{
	free(t->node);
}

bool tree_below(const struct tree *t, uint32_t node, uint32_t name)
{
	for (; node; node = t->node[node].parent)
		if (t->node[node].name == name)
			return true;
	return false;
}
