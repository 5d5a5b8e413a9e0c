/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that are known, for many machines: without a library, so that most end by a fault. */
#define FUNCTION __attribute__((noipa)) static

static volatile int sink;

FUNCTION int leaf(int n)
{
	return sink + n;
}

/* More frames than SPARC has register windows. */
FUNCTION int depth(int n)
{
	int r = n ? depth(n - 1) : leaf(n);

	sink = r;
	return r + 1;
}

/* What it does between its calls keeps compilers from making a loop of them. */
FUNCTION int fib(int n)
{
	int r;

	if (n < 2)
		return n;
	r = fib(n - 1);
	sink = r;
	r += fib(n - 2);
	sink = r;
	return r;
}

FUNCTION int is_odd(int n);

/* Jumps with -O2, and not to what comes next, for QEMU may take both for one block. */
FUNCTION int is_even(int n)
{
	return n == 0 ? 1 : is_odd(n - 1);
}

/* Many machines leave it by a return on a condition. */
FUNCTION void maybe(int n)
{
	if (n < 3)
		return;
	while (n--)
		sink += n;
}

FUNCTION int is_odd(int n)
{
	return n == 0 ? 0 : is_even(n - 1);
}

/* The same, with registers to restore. */
FUNCTION int maybe_deep(int n)
{
	int r = leaf(n);

	if (r & 1)
		return r;
	sink = leaf(r) * n;
	leaf(sink);
	return n;
}

FUNCTION int apply(int (*f)(int), int n)
{
	int r = f(n);

	sink = 0;
	return r + n;
}

/* A jump by a pointer with -O2. */
FUNCTION int hand_over(int (*f)(int), int n)
{
	return f(n);
}

FUNCTION int run(void)
{
	static int (*const table[])(int) = { leaf, fib, maybe_deep };
	int sum = depth(20) + fib(10) + is_even(9);

	sink = 0;
	for (int i = 0; i < 6; i++) {
		maybe(i);
		sink = 0;
		sum += maybe_deep(i);
		sink = 0;
		sum += apply(table[i > 2 ? i - 3 : i], i);
		sum += hand_over(table[i & 1], 2);
	}
	return sum;
}

#ifdef __alpha__
__asm__(".globl start\n.ent start\nstart: br $27, 1f\n1: ldgp $29, 0($27)\n	jsr $26, begin\n.end start");
#define start begin
#endif
void start(void);
void start(void)
{
	sink = run();
	for (;;)
		*(volatile int *)0 = 1;
}
