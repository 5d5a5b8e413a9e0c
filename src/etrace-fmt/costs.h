/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each function cost, line by line, and what its calls did: the body of a profile with calls.
 */
#ifndef ETRACE_COSTS_H
#define ETRACE_COSTS_H

#include "coverage.h"

/* Of a line in a function, inlined code too; or of the calls from it. */
struct cost {
	uint32_t func, to;		/* indexes in the coverage's functions; to: what is called, or NO_FUNCTION */
	uint32_t file, line;		/* file: an index of the coverage's, or NO_FILE */
	uint64_t calls;
	uint64_t ns, blocks, count;	/* blocks: entered; count: how often the line ran */
};

struct costs {
	struct cost *cost;		/* by function, its own file first; by line; a line's own cost before its calls */
	size_t n, cap;
	struct cost all;		/* the sum of all but calls */
};

/* Collects them from C, which is in order, has calls and functions, and is of no use for this again. */
void costs_collect(struct costs *x, const struct coverage *c);
void costs_free(struct costs *x);

#endif
