/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of inputs, and which of them one is.
 * in:  54 45 00 00 0c 00 00 00 ...
 * out: in_etrace
 */
#include "in.h"

#include <stdio.h>
#include <string.h>

#include "die.h"

/* Each is in in-NAME.c. */
#define KINDS(X) X(etrace) X(exec_log) X(simple_trace)

#define DECLARE(name) extern const struct in_kind in_##name;
#define ROW(name) &in_##name,

KINDS(DECLARE)
static const struct in_kind *const kinds[] = { KINDS(ROW) };

enum { N_KINDS = sizeof kinds / sizeof *kinds };

void in_list(FILE *f)
{
	for (size_t i = 0; i < N_KINDS; i++)
		fprintf(f, "  %-12s  %s\n", kinds[i]->name, kinds[i]->what);
}

const struct in_kind *in_named(const char *name)
{
	char list[256];
	size_t n = 0;

	for (size_t i = 0; i < N_KINDS; i++) {
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
		n += (size_t)snprintf(list + n, sizeof list - n, "%s%s (%s)", i ? " or " : "", kinds[i]->name,
				      kinds[i]->what);
	}
	die(ST_USAGE, "-f takes %s, not '%s'", list, name);
}

/* What else people feed to a decoder of traces, and what to do about it; NULL if it is none of these. */
static const char *advice(const char *p, size_t n)
{
	static const struct { const char *magic; const char *say; } known[] = {
		{ "\x28\xb5\x2f\xfd", "it is zstd-compressed: zstd -dc FILE | etrace-cat" },
		{ "\x1f\x8b", "it is gzip-compressed: zcat FILE | etrace-cat" },
		{ "\xfd" "7zXZ", "it is xz-compressed: xzcat FILE | etrace-cat" },
		{ "\x7f" "ELF", "it is an ELF file; etrace-sym takes those" },
		{ "#etrace", "it is a record stream already: give it to etrace-sym" },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (n >= strlen(known[i].magic) && !memcmp(p, known[i].magic, strlen(known[i].magic)))
			return known[i].say;
	return NULL;
}

/* The kind that begins so; NULL if there is none, or if more is needed, which *MAYBE says. */
static const struct in_kind *match(const char *p, size_t n, bool end, bool *maybe)
{
	*maybe = false;
	for (size_t i = 0; i < N_KINDS; i++) {
		enum in_match m = kinds[i]->match(p, n, end);

		if (m == IN_YES)
			return kinds[i];
		*maybe |= m == IN_MAYBE;
	}
	return NULL;
}

static void complain(const struct input *in)
{
	static const char record[] = "record one with etrace-run or etrace-plugin, or with qemu -etrace FILE "
		"-etrace-flags exec";
	const char *say = advice(in->buf, in->end);

	if (in->error)
		warn("%s: byte 0: %s", in->name, strerror(in->error));
	else if (in->stopped)
		warn("%s: stopped by %s at byte 0; what came after is not in it", in->name, input_stop_name());
	else if (in->end)
		warn("%s: byte 0: not a trace; %s", in->name, say ? say : record);
	else
		warn("%s: byte 0: the trace is empty; %s", in->name, record);
}

const struct in_kind *in_recognise(struct input *in)
{
	const struct in_kind *kind = NULL;
	bool end = false, maybe = true;
	size_t n;

	while (!end && maybe && !kind && !advice(in->buf, in->end)) {
		end = in->end >= IN_PEEK_MAX || !input_more(in);
		n = in->end < IN_PEEK_MAX ? in->end : IN_PEEK_MAX;
		kind = in->error || in->stopped ? NULL : match(in->buf, n, end, &maybe);
	}
	if (!kind)
		complain(in);
	return kind;
}
