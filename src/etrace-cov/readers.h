/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Those who want to know which block came after which.
 */
#ifndef ETRACE_COV_READERS_H
#define ETRACE_COV_READERS_H

#include <stdint.h>

#include "calls.h"
#include "follow.h"

/* Each may be NULL. */
struct readers {
	struct follow *flow;
	struct calls *calls;
};

/* CPU executed BLOCK, a small number, COUNT times (1 or more) in a row, in NS together. */
static inline void readers_step(const struct readers *r, uint64_t cpu, uint32_t block, uint64_t count, uint64_t ns)
{
	if (r->flow)
		follow_step(r->flow, cpu, block, count);
	if (r->calls)
		calls_repeat(r->calls, calls_cpu(r->calls, cpu), block, count, ns);
}

#endif
