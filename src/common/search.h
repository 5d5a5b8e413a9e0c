/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binary search.
 *
 *     size_t i;
 *
 *     SEARCH(i, n, a[i].addr < addr);
 *     a[i] is the first of a[0] .. a[n - 1] that is not below ADDR; i == n: there is none
 *
 * BEFORE is an expression of I, which is true of the elements up to some place and of none behind it.
 */
#ifndef ETRACE_SEARCH_H
#define ETRACE_SEARCH_H

#include <stddef.h>

#define SEARCH(i, n, before) SEARCH_FROM(i, 0, n, before)

/* The same among those from FROM on. */
#define SEARCH_FROM(i, from, n, before) \
	do { \
		size_t lo_ = (from), hi_ = (n); \
		while (lo_ < hi_) { \
			(i) = lo_ + (hi_ - lo_) / 2; \
			if (before) \
				lo_ = (i) + 1; \
			else \
				hi_ = (i); \
		} \
		(i) = lo_; \
	} while (0)

#endif
