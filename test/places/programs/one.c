/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linked statically at 0x400000: counts primes. */
#include <stdio.h>
#include <stdlib.h>

static int is_prime(int n)
{
	if (n < 2)
		return 0;
	for (int i = 2; i * i <= n; i++) {
		if (n % i == 0)
			return 0;
	}
	return 1;
}

static int never_called(int n)
{
	return n + 1;
}

int main(int argc, char **argv)
{
	int primes = 0;

	for (int i = 0; i < atoi(argv[1]); i++)
		primes += is_prime(i);
	if (argc > 2)
		primes = never_called(primes);
	printf("one %d\n", primes);
	return 0;
}
