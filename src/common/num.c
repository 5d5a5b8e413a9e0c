/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers to text and back, without printf and strtoull: these run once a record.
 * in:  num_hex(p, 0x40200800), num_dec(p, 341)
 * out: 40200800 341
 */
#include "num.h"

#include <string.h>

static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

/* Decimal digits of V: 1233/4096 is log10(2), and the table mends what that is off by. */
static unsigned dec_digits(uint64_t v)
{
	static const uint64_t powers[] = {
		0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
		10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
		1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
		10000000000000000000u,
	};
	unsigned n = (64 - (unsigned)__builtin_clzll(v | 1)) * 1233 >> 12;

	return n + (v >= powers[n]);
}

char *num_dec(char *p, uint64_t v)
{
	char *end, *q;

	if (v < 10) {
		*p = (char)('0' + v);
		return p + 1;
	}
	for (end = q = p + dec_digits(v); v >= 100; v /= 100)
		memcpy(q -= 2, pairs + v % 100 * 2, 2);
	if (v >= 10)
		memcpy(q - 2, pairs + v * 2, 2);
	else
		q[-1] = (char)('0' + v);
	return end;
}

char *num_hex(char *p, uint64_t v)
{
	int digits = v ? (67 - __builtin_clzll(v)) / 4 : 1;

	for (int i = digits - 1; i >= 0; i--, v >>= 4)
		p[i] = "0123456789abcdef"[v & 15];
	return p + digits;
}

bool num_parse_dec(const char *s, size_t len, uint64_t *v)
{
	uint64_t n = 0;

	if (!len)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned d = (unsigned char)s[i] - '0';

		if (d > 9 || __builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, d, &n))
			return false;
	}
	*v = n;
	return true;
}

bool num_parse_hex(const char *s, size_t len, uint64_t *v)
{
	uint64_t n = 0;

	if (!len || len > 16)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned c = (unsigned char)s[i], d = c - '0';

		if (d > 9) {
			d = c - 'a' + 10;
			if (d < 10 || d > 15)
				return false;
		}
		n = n << 4 | d;
	}
	*v = n;
	return true;
}
