/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Escapes strings, and undoes it.
 * in:  a, a TAB, b
 * out: a\tb
 */
#include "esc.h"

#include <string.h>

#include "die.h"

static char *special(char *p, unsigned char c)
{
	*p++ = '\\';
	switch (c) {
	case '\t':
		*p++ = 't';
		break;
	case '\n':
		*p++ = 'n';
		break;
	case '\\':
		*p++ = '\\';
		break;
	default:
		*p++ = 'x';
		*p++ = "0123456789abcdef"[c >> 4];
		*p++ = "0123456789abcdef"[c & 15];
	}
	return p;
}

char *esc_put(char *p, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < ' ' || c == '\\' || c == 0x7f)
			p = special(p, c);
		else
			*p++ = (char)c;
	}
	return p;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The byte that the escape at *S, after its backslash, stands for; *S moves past it. */
static char escaped(const char **s, const char *end)
{
	char c = *(*s)++;

	if (c == 'x' && end - *s >= 2 && hex_digit((*s)[0]) >= 0 && hex_digit((*s)[1]) >= 0) {
		c = (char)(hex_digit((*s)[0]) << 4 | hex_digit((*s)[1]));
		*s += 2;
		return c;
	}
	return c == 't' ? '\t' : c == 'n' ? '\n' : c;
}

char *esc_undo(const char *s, size_t n)
{
	const char *end = s + n;
	char *text = must_malloc(n + 1), *p = text;

	while (s < end) {
		char c = *s++;

		*p++ = c == '\\' && s < end ? escaped(&s, end) : c;
	}
	*p = 0;
	return text;
}
