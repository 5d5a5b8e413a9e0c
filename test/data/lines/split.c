/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions that -O2 splits and clones: checked.cold, lookup.part, scaled.constprop, summed.isra.
 */
#include <stdio.h>
#include <stdlib.h>

volatile int sink;

static __attribute__((cold, noinline)) void complain(int x)
{
	sink ^= x;				/*= 3 */
}

/* What the cold path does is put into a section of its own. */
__attribute__((noinline)) int checked(int x)
{
	sink++;					/*= 20 */
	if (x % 7 == 3) {			/*= 20 */
		complain(x);			/*= 3 */
		sink += 2;			/*= 3 */
	}
	return sink;
}

/* The test may be inlined into callers, and the rest stay behind. */
static int lookup(int *p)
{
	if (!p)					/*= 12 */
		return -1;
	for (int i = 0; i < 10; i++) {
		sink += *p + i;			/*= 80 */
		sink ^= sink << 3;		/*= 80 */
		sink ^= sink >> 5;		/*= 80 */
		sink += complain != 0;		/*= 80 */
	}
	return sink;				/*= 8 */
}

__attribute__((noinline)) int first(int *p) { return lookup(p) + 1; }
__attribute__((noinline)) int second(int *p) { return lookup(p) + 2; }
__attribute__((noinline)) int third(int *p) { return lookup(p) + 3; }

/* Called with one constant only. */
static __attribute__((noinline)) int scaled(int x, int factor)
{
	sink += factor;				/*= 6 */
	return x * factor;
}

struct pair {
	int a, b;
};

/* Uses a part of what its parameter points to. */
static __attribute__((noinline)) int summed(const struct pair *p)
{
	sink += p->a;				/*= 5 */
	return sink;
}

int main(int argc, char **argv)
{
	struct pair p = { argc, 2 };

	(void)argv;
	for (int i = 0; i < 20; i++)
		sink += checked(i);		/*= 20 */
	for (int i = 0; i < 4; i++) {
		sink += first(&p.a);		/*= 4 */
		sink += second(i % 2 ? &p.b : NULL);
		sink += third(i < 2 ? &p.b : NULL);
	}
	for (int i = 0; i < 6; i++)
		sink += scaled(i, 3);		/*= 6 */
	for (int i = 0; i < 5; i++)
		sink += summed(&p);		/*= 5 */
	return 0;				/*= 1 */
}
