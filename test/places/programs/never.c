/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linked statically at 0x400000 and never run: one.c's code, and some of its own. */
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

int main(int argc, char **argv)
{
	for (int i = argc; i < atoi(argv[1]); i += 2) {
		if (is_prime(i))
			printf("never %d\n", i);
	}
	return 0;
}
