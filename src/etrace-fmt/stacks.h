/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stacks with what was spent in each (S records), and calls from function to function by their names (C records).
 */
#ifndef ETRACE_STACKS_H
#define ETRACE_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intern.h"
#include "stream.h"
#include "times.h"

struct stacks_cost {
	uint64_t blocks, ns;
};

/* All calls of one function by another. */
struct stacks_calls {
	uint32_t from, to;		/* names */
	uint64_t count;
};

struct stacks {
	struct intern *texts;		/* "outermost;...;innermost", escaped as in the stream */
	struct stacks_cost *cost;	/* by a text's number: spent in the innermost function itself */
	size_t cap_cost;
	struct stacks_cost all;
	struct intern *names;		/* of functions, as the stacks have them */
	struct intern *pairs;		/* (from, to); a key's number is the index of its calls */
	struct stacks_calls *calls;	/* by FROM and TO, once stacks_settle() was called */
	size_t n_calls, cap_calls;
	struct times times;
	uint64_t repaired;		/* stacks that were guessed or repaired */
	bool unordered;			/* a trace has no order of blocks */
	bool events;			/* met an E record, and stopped */
	bool incomplete;		/* some of what ran is not in it */
};

void stacks_init(struct stacks *x);
void stacks_free(struct stacks *x);

/* Adds a stream. */
void stacks_read(struct stacks *x, struct stream *in);

/* Puts calls in order.  Call it once, when all is read. */
void stacks_settle(struct stacks *x);

/* Whether costs are times; else they are blocks. */
static inline bool stacks_timed(const struct stacks *x)
{
	return x->all.ns > 0;
}

static inline uint64_t stacks_cost(const struct stacks *x, struct stacks_cost c)
{
	return stacks_timed(x) ? c.ns : c.blocks;
}

static inline const char *stacks_name(const struct stacks *x, uint32_t name)
{
	return intern_text(x->names, name, NULL);
}

#endif
