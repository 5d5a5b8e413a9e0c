/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Position-independent, without shared libraries: sums greatest common divisors. */
#include <stdio.h>
#include <stdlib.h>

static int gcd(int a, int b)
{
	while (b) {
		int rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

int main(int argc, char **argv)
{
	int n = atoi(argv[1]), sum = 0;

	for (int a = 1; a < n; a++) {
		for (int b = 1; b < a; b++)
			sum += gcd(a, b);
	}
	printf("static-pie %d\n", sum);
	return argc > 2;
}
