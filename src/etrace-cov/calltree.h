/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What calls cost: each function that was called by another from one place, an arc, and each stack of functions,
 * a node in the tree of all of them.
 */
#ifndef ETRACE_COV_CALLTREE_H
#define ETRACE_COV_CALLTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "funcs.h"

/* Blocks entered, and ns. */
struct cost {
	uint64_t blocks, ns;
};

static inline struct cost cost_add(struct cost a, struct cost b)
{
	return (struct cost){ a.blocks + b.blocks, a.ns + b.ns };
}

/* From A until B. */
static inline struct cost cost_since(struct cost b, struct cost a)
{
	return (struct cost){ b.blocks - a.blocks, b.ns - a.ns };
}

struct arc {
	uint32_t site;			/* the block that ends with the call */
	uint32_t from, to;		/* functions */
	uint32_t frame;			/* where it was on a stack last */
	uint32_t node, child;		/* that it led from and to last */
	uint64_t count;			/* of calls */
	struct cost cost;		/* from these to their returns */
};

struct node {
	uint32_t parent, func;
	struct cost cost;		/* spent in FUNC itself on this stack */
};

enum { NODE_TOP, ARC_NONE = UINT32_MAX };

struct calltree {
	const struct funcs *funcs;	/* not owned: those of the numbers below */
	struct arc *arc;
	uint32_t n_arc, cap_arc;
	struct node *node;		/* the first is above all stacks */
	uint32_t n_node, cap_node;
	uint32_t *arc_slot, *node_slot;	/* open addressing, number + 1 */
	uint32_t arc_mask, node_mask;
};

void calltree_init(struct calltree *t, const struct funcs *funcs);
void calltree_free(struct calltree *t);

/* The number of the arc of calls at the end of the block SITE by the function FROM of TO. */
uint32_t calltree_arc(struct calltree *t, uint32_t site, uint32_t from, uint32_t to);

/*
 * The node of FUNC called by NODE: NODE, or one that it is below, if FUNC is there: a recursion.  What has no name is
 * many functions, and is not looked for below NODE.
 */
uint32_t calltree_child(struct calltree *t, uint32_t node, uint32_t func);

#endif
