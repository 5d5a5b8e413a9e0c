/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of counts and of times.  A sum that passes 2^64 - 1 stays there, which the program says once: a
 * count that wraps would pass for a small one, and one that is 0 for code that never ran.
 */
#ifndef ETRACE_COUNT_H
#define ETRACE_COUNT_H

#include <stdint.h>

/* What a sum is that is too large: the largest number.  Says so the first time. */
uint64_t count_full(void) __attribute__((cold, noinline));

/* Adds MORE to *SUM, in place: a hot loop's sum stays in memory. */
static inline void count_add(uint64_t *sum, uint64_t more)
{
	if (__builtin_expect(__builtin_add_overflow(*sum, more, sum), 0))
		*sum = count_full();
}

/* A + B. */
static inline uint64_t count_sum(uint64_t a, uint64_t b)
{
	count_add(&a, b);
	return a;
}

#endif
