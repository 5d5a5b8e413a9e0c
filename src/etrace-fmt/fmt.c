/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of formats, and what they share.
 * in:  lcov
 * out: &fmt_lcov
 */
#include "fmt.h"

#include <string.h>

/* Each is in fmt-NAME.c, in the order of -h. */
#define FORMATS(X) X(lcov) X(lcov2) X(cachegrind) X(callgrind) X(folded) X(calls) X(qcov) X(summary) X(etrace)

#define DECLARE(name) extern const struct fmt fmt_##name;
#define ROW(name) &fmt_##name,

FORMATS(DECLARE)
static const struct fmt *const formats[] = { FORMATS(ROW) };

enum { N_FORMATS = sizeof formats / sizeof *formats };

const struct fmt *fmt_find(const char *name)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

void fmt_list(FILE *f)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		fprintf(f, "  %-10s  %s\n", formats[i]->name, formats[i]->what);
}

void fmt_name(struct out *o, const char *s, char comma)
{
	static const char hex[] = "0123456789abcdef";

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		char *p = out_room(o, 4);

		if (c < ' ' || c == 0x7f) {
			*p++ = '\\';
			*p++ = 'x';
			*p++ = hex[c >> 4];
			*p++ = hex[c & 15];
		} else {
			*p++ = c == ',' ? comma : *s;
		}
		out_upto(o, p);
	}
}

static void spaces(struct out *o, size_t n, size_t width)
{
	if (n < width)
		out_mem(o, "                                                                ", width - n);
}

void fmt_right(struct out *o, const char *s, size_t n, size_t width)
{
	spaces(o, n, width);
	out_mem(o, s, n);
}

void fmt_left(struct out *o, const char *s, size_t n, size_t width)
{
	out_mem(o, s, n);
	spaces(o, n, width);
}
