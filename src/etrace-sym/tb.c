/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads T records.
 * in:  T<TAB>0<TAB>:8f21c0a4<TAB>40200800<TAB>40200800<TAB>a00038d5<TAB>-
 * out: CPU 0, 40200800, the bytes a0 00 38 d5
 */
#include "tb.h"

#include <stdlib.h>

#include "die.h"

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_code(struct tb *tb, struct field f)
{
	size_t n = f.n / 2;

	tb->n = 0;
	if (field_is(f, "-"))
		return true;
	if (f.n % 2)
		return false;
	if (n > tb->cap) {
		tb->cap = n * 2;
		tb->code = must_realloc(tb->code, tb->cap, 1);
	}
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(f.s[2 * i]), lo = hex_digit(f.s[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		tb->code[i] = (uint8_t)(hi << 4 | lo);
	}
	tb->n = n;
	return true;
}

bool tb_parse(struct tb *tb, const char *line, size_t len)
{
	struct record_t t;

	if (!record_read_t(line, len, &t))
		return false;
	tb->cpu = t.cpu;
	tb->addr = (struct guest){ t.vaddr };
	return parse_code(tb, t.code);
}

void tb_free(struct tb *tb)
{
	free(tb->code);
	*tb = (struct tb){ .n = 0 };
}
