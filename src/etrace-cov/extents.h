/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of addresses, as extents.
 */
#ifndef ETRACE_EXTENTS_H
#define ETRACE_EXTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extent {
	uint64_t lo, last;	/* both included: the last address of all is in some */
};

/* SIZE bytes from ADDR on, at least one. */
static inline struct extent extent_of(uint64_t addr, uint64_t size)
{
	uint64_t last = addr + (size ? size - 1 : 0);

	return (struct extent){ addr, last < addr ? UINT64_MAX : last };
}

struct extents *extents_new(size_t n);	/* with room for N */
void extents_free(struct extents *x);	/* X may be NULL */

/* Adds E; they may overlap and come in any order. */
void extents_add(struct extents *x, struct extent e);

/* Puts all in order; call it once, behind the last one and before any question. */
void extents_settle(struct extents *x);

/* Whether any address of E is in the set. */
bool extents_meet(const struct extents *x, struct extent e);

#endif
