/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree that stacks are together: a node for each function by what called it.
 */
#ifndef ETRACE_TREE_H
#define ETRACE_TREE_H

#include "stacks.h"

struct tree_node {
	uint32_t name, parent;		/* parent: an index, lower than this one's */
	uint32_t first, n_children;	/* children are next to each other, those that cost most first */
	uint32_t depth;			/* 0: the root, which stands for all, and has no name */
	uint64_t own, all;		/* cost: in the function itself; and with what it called */
};

struct tree {
	struct tree_node *node;
	uint32_t n;
};

/* Makes the tree of X's stacks; their functions come to X's names. */
void tree_make(struct tree *t, struct stacks *x);
void tree_free(struct tree *t);

/* Whether a node or one that it is below has NAME. */
bool tree_below(const struct tree *t, uint32_t node, uint32_t name);

#endif
