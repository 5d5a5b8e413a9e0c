/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads records line by line and splits them into fields.
 * in:  E<TAB>0<TAB>-<TAB>40200800<TAB>12
 * out: 5 fields
 */
#include "rec.h"

#include <unistd.h>

#include "die.h"
#include "fact.h"

enum { BUF_SIZE = 256 * 1024, LINE_MAX_BYTES = 64 * 1024 * 1024 };

bool rec_open(struct rec_reader *r, const char *name, struct out *tie)
{
	*r = (struct rec_reader){ .line = 0 };
	return input_open(&r->in, name, BUF_SIZE, tie);
}

static bool looks_like_text(struct rec_reader *r)
{
	struct input *in = &r->in;

	if (!memchr(in->buf, 0, in->end < 64 ? in->end : 64))
		return true;
	warn("%s: is binary, not a record stream; decode a trace with etrace-cat first", in->name);
	in->pos = in->end;
	return !(r->bad = true);
}

bool rec_fill(struct rec_reader *r, char **line, size_t *len)
{
	struct input *in = &r->in;
	char *nl = NULL;
	size_t seen;

	do {
		bool first = !in->base && !in->end;

		seen = in->end - in->pos;
		if (seen > LINE_MAX_BYTES) {
			warn("%s: line %llu is longer than %d bytes; is it a record stream?", in->name,
			     (unsigned long long)r->line + 1, LINE_MAX_BYTES);
			r->bad = true;
			return false;
		}
		if (!input_more(in))
			break;
		if (first && !looks_like_text(r))
			return false;
		nl = memchr(in->buf + seen, '\n', in->end - seen);
	} while (!nl);
	if (nl)
		return rec_next(r, line, len);
	if (in->end > in->pos) {
		warn("%s: the last line, %llu, is cut short and was left out", in->name,
		     (unsigned long long)r->line + 1);
		r->bad = true;
		in->pos = in->end;
	}
	return false;
}

void rec_begin(struct out *o)
{
	out_str(o, REC_HEADER);
	fact_put(o, FACT_STREAM, "begin");
}

void rec_end(struct out *o, bool whole)
{
	fact_put(o, FACT_STREAM, whole ? "end" : "incomplete");
}

bool rec_note(struct rec_reader *r, const char *line, size_t len)
{
	struct fact f = rec_is(line, len, 'I') ? fact_read(line, len) : (struct fact){ .key = FACT_OTHER };

	if (f.key != FACT_STREAM)
		return false;
	r->cut |= field_is(f.value, "begin") && r->begun;
	r->begun = field_is(f.value, "begin");
	r->incomplete |= field_is(f.value, "incomplete");
	return true;
}

/* Says what is missing of the streams that were read. */
static void check_end(struct rec_reader *r)
{
	if (r->bad || r->in.error)
		return;		/* said already */
	if (r->begun || r->cut)
		warn("%s: the stream has no end: the program that wrote it was killed, or its output was cut off",
		     r->in.name);
	else if (r->incomplete && r->in.fd != STDIN_FILENO)
		warn("%s: is incomplete; the program that wrote it said why", r->in.name);
	r->bad |= r->begun || r->cut || r->incomplete;
}

bool rec_close(struct rec_reader *r)
{
	check_end(r);
	if (r->in.error) {
		warn("%s: %s", r->in.name, strerror(r->in.error));
		r->bad = true;
	}
	if (r->malformed > 1)
		warn("%s: %llu records like that were left out", r->in.name,
		     (unsigned long long)r->malformed);
	input_close(&r->in);
	return !r->bad;
}

size_t rec_split(const char *line, size_t len, struct field *f, size_t max)
{
	size_t n = 0;

	for (const char *end = line + len;; n++) {
		const char *tab = memchr(line, '\t', (size_t)(end - line));

		if (n < max)
			f[n] = (struct field){ line, (size_t)((tab ? tab : end) - line) };
		if (!tab)
			return n + 1;
		line = tab + 1;
	}
}

bool field_is(struct field f, const char *text)
{
	return f.n == strlen(text) && !memcmp(f.s, text, f.n);
}

bool rec_version_ok(struct rec_reader *r, const char *line, size_t len)
{
	static const char tag[] = "#etrace\t";

	if (len < sizeof tag - 1 || memcmp(line, tag, sizeof tag - 1) || rec_is_header(line, len))
		return true;
	warn("%s: line %llu: stream version %.*s; this program reads version 1: use programs of one release",
	     r->in.name, (unsigned long long)r->line, (int)(len - sizeof tag + 1 < 20 ? len - sizeof tag + 1 : 20),
	     line + sizeof tag - 1);
	r->bad = true;
	return false;
}

void rec_malformed(struct rec_reader *r, const char *line, size_t len, const char *what)
{
	if (!r->malformed++)
		warn("%s: line %llu: %s, not '%.*s'", r->in.name, (unsigned long long)r->line, what,
		     (int)(len < 100 ? len : 100), line);
	r->bad = true;
}
