/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linked statically at 0x400000, as one.c is, with a function of the same code: how long Collatz's sequence is. */
#include <stdio.h>
#include <stdlib.h>

static int never_called(int n)
{
	return n + 1;
}

static int collatz(long n)
{
	int steps = 0;

	while (n != 1) {
		if (n % 2)
			n = 3 * n + 1;
		else
			n /= 2;
		steps = never_called(steps);
	}
	return steps;
}

int main(int argc, char **argv)
{
	int longest = 0;

	for (int i = 1; i <= atoi(argv[1]); i++) {
		int steps = collatz(i);

		if (steps > longest)
			longest = steps;
	}
	if (argc > 2)
		return 1;
	printf("two %d\n", longest);
	return 0;
}
