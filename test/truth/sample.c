/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a line's count has to get right, in C: loops in a line, macros, headers, jumps. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "sample.h"

static jmp_buf out;

static int bits(unsigned v)
{
	int n = 0;

	for (; v; v >>= 1) n += v & 1;
	return n;
}

static int in_lines(const int *a, int n)
{
	int sum = 0, evens = 0;

	for (int i = 0; i < n; i++) sum += a[i];
	for (int i = 0; i < n; i++) { if (a[i] & 1) continue; evens++; }
	while (sum > 100) sum /= 2;
	do sum++; while (sum % 7);
	COUNT(a, n, > 5, evens);
	return sum > 50 ? evens : -evens;
}

static const char *kind(int c)
{
	switch (c) {
	case 'a':
	case 'e':
		return "vowel";
	case '0' ... '9':
		return "digit";
	case '\n':
		return "end";
	default:
		if (c > 'z') return "beyond";
		break;
	}
	return c >= 'a' && c <= 'z' ? "letter" : "other";
}

static int fibonacci(int n)
{
	if (n < 2)
		return n;
	return fibonacci(n - 1) + fibonacci(n - 2);
}

static int parse(const char *s, int *v)
{
	int sign = 1;

	*v = 0;
	if (!*s)
		goto bad;
	if (*s == '-') {
		sign = -1;
		s++;
	}
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			goto bad;
		*v = *v * 10 + *s - '0';
	}
	*v *= sign;
	return 1;
bad:
	*v = -1;
	return 0;
}

static void deep(int n)
{
	if (!n)
		longjmp(out, 3);
	deep(n - 1);
	puts("never");
}

static int never(int v)
{
	for (int i = 0; i < v; i++)
		v ^= i;
	return v;
}

int main(void)
{
	static const char *text[] = { "12", "-7", "x", "", "900" };
	int a[24], v, ok = 0, jumped = 0;
	char big[200] = { 0 };

	FILL(a, 24, 3);
	printf("%d %d\n", in_lines(a, 24), bits(0x5a5a));
	for (int c = '\n'; c < 0x80; c += 13)
		strncat(big, kind(c), 6);
	puts(big);
	printf("%d\n", fibonacci(9));
	for (unsigned i = 0; i < sizeof text / sizeof *text; i++) {
		ok += parse(text[i], &v);
		ok += clamp(v, 0, 99);
	}
	jumped = setjmp(out);
	if (!jumped)
		deep(5);
	printf("%d %d\n", ok, jumped);
	return ok ? 0 : never(ok);
}
