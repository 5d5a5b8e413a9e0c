/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says that a sum was too large.
 * in:  18446744073709551615 + 1
 * out: 18446744073709551615, and "etrace-cov: a count passed 18446744073709551615 and stays there"
 */
#include "count.h"

#include <stdbool.h>

#include "die.h"

uint64_t count_full(void)
{
	static bool said;

	if (!said)
		warn("a count passed %llu and stays there", (unsigned long long)UINT64_MAX);
	said = true;
	return UINT64_MAX;
}

void count_full_both(uint64_t *a, bool a_full, uint64_t *b, bool b_full)
{
	if (a_full)
		*a = count_full();
	if (b_full)
		*b = count_full();
}
