/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of counts and of times.  A sum that passes 2^64 - 1 stays there, which the program says once: a
 * count that wraps would pass for a small one, and one that is 0 for code that never ran.
 */
#ifndef ETRACE_COUNT_H
#define ETRACE_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* What a sum is that is too large: the largest number.  Says so the first time. */
uint64_t count_full(void) __attribute__((cold, noinline));

/* Adds MORE to *SUM, in place: a hot loop's sum stays in memory. */
static inline void count_add(uint64_t *sum, uint64_t more)
{
	if (__builtin_expect(__builtin_add_overflow(*sum, more, sum), 0))
		*sum = count_full();
}

/* What count_add_both() does where a sum is too large, by A_FULL and B_FULL. */
void count_full_both(uint64_t *a, bool a_full, uint64_t *b, bool b_full) __attribute__((cold, noinline));

/* The same of a count and its time, for the hottest loops: one test, and nothing to keep for after it. */
static inline void count_add_both(uint64_t *a, uint64_t more_a, uint64_t *b, uint64_t more_b)
{
	bool a_full = __builtin_add_overflow(*a, more_a, a), b_full = __builtin_add_overflow(*b, more_b, b);

	if (__builtin_expect(a_full | b_full, 0))
		count_full_both(a, a_full, b, b_full);
}

/* A + B. */
static inline uint64_t count_sum(uint64_t a, uint64_t b)
{
	count_add(&a, b);
	return a;
}

#endif
