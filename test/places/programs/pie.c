/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Position-independent, with shared libraries; two processes run it at a time. */
#include <stdio.h>
#include <stdlib.h>

static unsigned next(unsigned state)
{
	unsigned bit = state & 1;

	state >>= 1;
	if (bit)
		state ^= 0xb400;
	return state;
}

int main(int argc, char **argv)
{
	unsigned state = 0xace1;
	int ones = 0;

	for (int i = 0; i < atoi(argv[1]); i++) {
		state = next(state);
		if (state & 1)
			ones++;
	}
	printf("pie %d\n", ones);
	return argc > 2;
}
