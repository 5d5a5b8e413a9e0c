/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps arcs and nodes, each once.
 * in:  main, in a stack of its own, calls collatz from the block 7, twice
 * out: arc 0, from main to collatz at block 7; node 2, collatz below node 1, main
 */
#include "calltree.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"

void calltree_init(struct calltree *t, const struct funcs *funcs)
{
	*t = (struct calltree){ .funcs = funcs, .arc_mask = 1023, .node_mask = 1023 };
	t->arc_slot = must_calloc(t->arc_mask + 1u, sizeof *t->arc_slot);
	t->node_slot = must_calloc(t->node_mask + 1u, sizeof *t->node_slot);
	GROW(t->node, t->n_node, t->cap_node);
	t->node[t->n_node++] = (struct node){ .parent = NODE_TOP, .func = UINT32_MAX };
}

void calltree_free(struct calltree *t)
{
	free(t->arc);
	free(t->node);
	free(t->arc_slot);
	free(t->node_slot);
}

static uint32_t hash(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u + c * 0xbf58476d1ce4e5b9u;

	return (uint32_t)((h ^ h >> 29) * 0x9fb21c651e98df25u >> 32);
}

static uint32_t *arc_slot(const struct calltree *t, uint32_t site, uint32_t from, uint32_t to)
{
	uint32_t i = hash(site, from, to) & t->arc_mask;

	for (; t->arc_slot[i]; i = (i + 1) & t->arc_mask) {
		const struct arc *a = &t->arc[t->arc_slot[i] - 1];

		if (a->site == site && a->from == from && a->to == to)
			break;
	}
	return &t->arc_slot[i];
}

static uint32_t *node_slot(const struct calltree *t, uint32_t parent, uint32_t func)
{
	uint32_t i = hash(parent, func, 0) & t->node_mask;

	for (; t->node_slot[i]; i = (i + 1) & t->node_mask) {
		const struct node *n = &t->node[t->node_slot[i] - 1];

		if (n->parent == parent && n->func == func)
			break;
	}
	return &t->node_slot[i];
}

static void grow_arcs(struct calltree *t)
{
	t->arc_mask = t->arc_mask * 2 + 1;
	free(t->arc_slot);
	t->arc_slot = must_calloc((size_t)t->arc_mask + 1, sizeof *t->arc_slot);
	for (uint32_t i = 0; i < t->n_arc; i++)
		*arc_slot(t, t->arc[i].site, t->arc[i].from, t->arc[i].to) = i + 1;
}

static void grow_nodes(struct calltree *t)
{
	t->node_mask = t->node_mask * 2 + 1;
	free(t->node_slot);
	t->node_slot = must_calloc((size_t)t->node_mask + 1, sizeof *t->node_slot);
	for (uint32_t i = 1; i < t->n_node; i++)
		*node_slot(t, t->node[i].parent, t->node[i].func) = i + 1;
}

uint32_t calltree_arc(struct calltree *t, uint32_t site, uint32_t from, uint32_t to)
{
	uint32_t *slot = arc_slot(t, site, from, to), n = t->n_arc;

	if (*slot)
		return *slot - 1;
	GROW(t->arc, n, t->cap_arc);
	t->arc[n] = (struct arc){ .site = site, .from = from, .to = to, .node = UINT32_MAX };
	*slot = ++t->n_arc;
	if (t->n_arc > t->arc_mask / 2)
		grow_arcs(t);
	return n;
}

uint32_t calltree_child(struct calltree *t, uint32_t node, uint32_t func)
{
	uint32_t *slot = node_slot(t, node, func), n = t->n_node;

	if (*slot)
		return *slot - 1;
	for (uint32_t i = node; i != NODE_TOP; i = t->node[i].parent) {
		if (t->node[i].func == func)
			return i;
		if (!funcs_has_name(t->funcs, func))
			break;
	}
	GROW(t->node, n, t->cap_node);
	t->node[n] = (struct node){ .parent = node, .func = func };
	*slot = ++t->n_node;
	if (t->n_node > t->node_mask / 2)
		grow_nodes(t);
	return n;
}
