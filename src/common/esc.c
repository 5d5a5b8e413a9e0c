/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Escapes strings.
 * in:  a, a TAB, b
 * out: a\tb
 */
#include "esc.h"

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
