/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that are known from the source: recursion, by pointers, and ones that are jumps with -O2. */
#include <stdlib.h>

#define FUNCTION __attribute__((noipa)) static

static volatile int seen;

/* Not a tail call, since it counts itself after. */
FUNCTION int ack(int m, int n)
{
	int r;

	if (m == 0)
		r = n + 1;
	else if (n == 0)
		r = ack(m - 1, 1);
	else
		r = ack(m - 1, ack(m, n - 1));
	seen++;
	return r;
}

FUNCTION int is_odd(int n);

FUNCTION int is_even(int n)
{
	return n == 0 ? 1 : is_odd(n - 1);
}

FUNCTION int is_odd(int n)
{
	return n == 0 ? 0 : is_even(n - 1);
}

FUNCTION int leaf(int n)
{
	seen++;
	return n + 1;
}

/* With -O2 two jumps, one on a condition. */
FUNCTION int tail(int n)
{
	if (n & 1)
		return leaf(n);
	return is_even(n);
}

FUNCTION int twice(int n)
{
	return tail(n) + tail(n + 1);
}

FUNCTION int by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

FUNCTION int apply(int (*f)(int), int n)
{
	int r = f(n);

	seen++;
	return r;
}

int main(void)
{
	static int (*const table[])(int) = { leaf, tail, twice };
	static const int sorted[] = { 1, 3, 5, 7, 9, 11, 13 };
	int sum = ack(2, 3), key = 7;

	for (int i = 0; i < 9; i++)
		sum += apply(table[i % 3], 4);
	sum += is_even(10) + twice(3);
	sum += bsearch(&key, sorted, 7, sizeof *sorted, by_value) != NULL;
	key = 4;
	sum += bsearch(&key, sorted, 7, sizeof *sorted, by_value) != NULL;
	return sum != 9 + 3 * (5 + 1 + 7) + 1 + 5 + 1;
}
