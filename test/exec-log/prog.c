/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program whose blocks end in many ways: loops that are entered above their head, computed jumps from which code
 * falls through, indirect calls, a signal, system calls, long straight lines over pages, string instructions.
 * out: two lines, the same for every machine
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf back;
static volatile int signals;

static int collatz(unsigned long n)
{
	int steps = 0;

	while (n != 1) {
		n = n & 1 ? 3 * n + 1 : n / 2;
		steps++;
	}
	return steps;
}

static int by_value(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

static void on_signal(int sig)
{
	signals += sig;
}

static unsigned interpret(const unsigned char *code, unsigned x)
{
	static void *const op[] = { &&add, &&times, &&mix, &&end };

	goto *op[*code++];
add:
	x += 1;
times:
	x *= 3;
	goto *op[*code++];
mix:
	x ^= (unsigned)signals;
	goto *op[*code++];
end:
	return x;
}

static int choose(int i, int sum)
{
	switch (i % 6) {
	case 0: return sum + i;
	case 1: return sum - 3;
	case 2: return sum ^ 3;
	case 3: return sum * 3;
	case 4: return sum + 1;
	default: return sum / 2;
	}
}

#define LINE x = x * 3 + y; y ^= x; z += y >> 3; if (x == k) z++;
#define LINES LINE LINE LINE LINE LINE LINE LINE LINE
#define STRAIGHT x += y; y += z; z += x; x ^= z; x += y; y += z; z += x; x ^= z;
#define PAGE STRAIGHT STRAIGHT STRAIGHT STRAIGHT STRAIGHT STRAIGHT STRAIGHT STRAIGHT

static unsigned long_lines(unsigned n)
{
	volatile unsigned x = n, y = 2, z = 3, k = 77;

	for (unsigned i = 0; i < n; i++) {
		LINES LINES LINES LINES
		PAGE PAGE PAGE PAGE PAGE PAGE PAGE PAGE
	}
	return x + z;
}

static int filled(int n)
{
	struct { int a[500]; } s = { { 0 } }, t;

	for (int i = 0; i < n; i++)
		s.a[i * 7 % 500] += i;
	t = s;
	memset(&s, 1, sizeof s);
	return t.a[14] + s.a[3];
}

int main(void)
{
	static const unsigned char code[] = { 0, 2, 1, 0, 2, 0, 3 };
	int steps[300], sum = 0;
	unsigned x = 0;

	signal(SIGUSR1, on_signal);
	raise(SIGUSR1);
	for (int i = 0; i < 300; i++)
		steps[i] = collatz((unsigned long)i + 1);
	qsort(steps, 300, sizeof *steps, by_value);
	for (int i = 0; i < 300; i++)
		sum = choose(steps[i], sum);
	if (!setjmp(back))
		longjmp(back, 1);
	for (int i = 0; i < 100; i++)
		x = interpret(code, x);
	printf("%d %u\n", sum, x);
	printf("%u %d\n", long_lines(40), filled(90));
	return 0;
}
