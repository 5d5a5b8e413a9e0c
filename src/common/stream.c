/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads records line by line, and sees whether a stream is whole.
 * in:  #etrace<TAB>2, I<TAB>stream<TAB>begin, records, and no I<TAB>stream<TAB>end
 * out: the records; "the stream has no end"
 */
#include "stream.h"

#include <unistd.h>

#include "die.h"
#include "fact.h"

enum { BUF_SIZE = 256 * 1024, LINE_MAX_BYTES = 64 * 1024 * 1024 };

bool stream_open(struct stream *r, const char *name, struct out *tie)
{
	*r = (struct stream){ .line = 0 };
	return input_open(&r->in, name, BUF_SIZE, tie);
}

/* A stream with its header is one, whatever records of others hold. */
static bool looks_like_text(struct stream *r)
{
	static const size_t header = sizeof STREAM_HEADER - 1;
	struct input *in = &r->in;

	if (!memcmp(in->buf, STREAM_HEADER, in->end < header ? in->end : header) ||
	    !memchr(in->buf, 0, in->end < 64 ? in->end : 64))
		return true;
	warn("%s: is binary, not a record stream; decode a trace with etrace-cat first", in->name);
	in->pos = in->end;
	return !(r->bad = true);
}

bool stream_fill(struct stream *r, char **line, size_t *len)
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
		return stream_next(r, line, len);
	if (in->end > in->pos) {
		warn("%s: the last line, %llu, is cut short and was left out", in->name,
		     (unsigned long long)r->line + 1);
		r->bad = true;
		in->pos = in->end;
	}
	return false;
}

void stream_begin(struct out *o)
{
	out_str(o, STREAM_HEADER);
	fact_put(o, FACT_STREAM, "begin");
}

void stream_end(struct out *o, bool whole)
{
	fact_put(o, FACT_STREAM, whole ? "end" : "incomplete");
}

bool stream_note(struct stream *r, const char *line, size_t len)
{
	struct fact f = record_is(line, len, 'I') ? fact_read(line, len) : (struct fact){ .key = FACT_OTHER };

	if (f.key != FACT_STREAM)
		return false;
	r->cut |= field_is(f.value, "begin") && r->begun;
	r->begun = field_is(f.value, "begin");
	r->incomplete |= field_is(f.value, "incomplete");
	return true;
}

/* Says what is missing of the streams that were read. */
static void check_end(struct stream *r)
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

bool stream_close(struct stream *r)
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

bool stream_version_ok(struct stream *r, const char *line, size_t len)
{
	static const char tag[] = "#etrace\t";
	const size_t n = sizeof tag - 1;

	if (len < n || memcmp(line, tag, n) || stream_is_header(line, len))
		return true;
	warn("%s: line %llu: a stream of version %.*s, and this program reads version 2; make it again with the "
	     "etrace-cat and etrace-sym of this release", r->in.name, (unsigned long long)r->line,
	     (int)(len - n < 20 ? len - n : 20), line + n);
	r->bad = true;
	return false;
}

void stream_malformed(struct stream *r, const char *line, size_t len)
{
	const char *shape = len ? record_shape(*line) : NULL;

	if (!r->malformed++)
		warn("%s: line %llu: %s, not '%.*s'", r->in.name, (unsigned long long)r->line,
		     shape ? shape : "a record has a kind and its columns", (int)(len < 100 ? len : 100), line);
	r->bad = true;
}
