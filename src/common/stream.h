/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stream of records, line by line: its header, its beginning and its end (etrace-stream(5), LINES AND FIELDS).
 * What is in a line: record.h.
 */
#ifndef ETRACE_STREAM_H
#define ETRACE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "input.h"
#include "record.h"

/* The version of the stream that these programs read and write: the first line is "#etrace\t2". */
#define STREAM_HEADER "#etrace\t2\n"

struct stream {
	struct input in;
	uint64_t line;		/* number of the line that stream_next() gave last, from 1 */
	bool bad;		/* something was wrong, and said */
	uint64_t malformed;	/* how often stream_malformed() was called */
	bool begun;		/* a stream began, and did not end yet */
	bool cut;		/* one began while another had not ended */
	bool incomplete;	/* one ended, and whoever wrote it knew that something was missing */
};

/* Opens NAME (input.h).  False after a message. */
bool stream_open(struct stream *r, const char *name, struct out *tie);

/* The slow part of stream_next(): reads more. */
bool stream_fill(struct stream *r, char **line, size_t *len);

/*
 * The next line, without its newline, valid until the next call.  False at the end.  A last line
 * without a newline was cut short: it is reported, and not given.
 */
static inline bool stream_next(struct stream *r, char **line, size_t *len)
{
	struct input *in = &r->in;
	char *nl = memchr(in->buf + in->pos, '\n', in->end - in->pos);

	if (!nl)
		return stream_fill(r, line, len);
	*line = in->buf + in->pos;
	*len = (size_t)(nl - *line);
	in->pos += *len + 1;
	r->line++;
	return true;
}

/*
 * Closes, and says whether all was read and nothing was wrong or missing.  (What a program earlier in the
 * pipeline knew to be missing, it said; of a file it is said here.)
 */
bool stream_close(struct stream *r);

/*
 * A stream begins with the fact "stream begin" and ends with "stream end", or "stream incomplete"; so what
 * is cut off is noticed.  stream_begin() writes the first, after the header, and stream_end() the last one.
 *
 * stream_note() looks at an I record, and returns whether it is such a fact: it speaks of the stream that is
 * read, and is not to be passed on.
 */
void stream_begin(struct out *o);
void stream_end(struct out *o, bool whole);
bool stream_note(struct stream *r, const char *line, size_t len);

/* Whether LINE is the header that a stream of this version begins with. */
static inline bool stream_is_header(const char *line, size_t len)
{
	return len == sizeof STREAM_HEADER - 2 && !memcmp(line, STREAM_HEADER, len);
}

/*
 * Looks at a # comment.  False, after a message, if it says that the stream is of a version that
 * these programs do not know.
 */
bool stream_version_ok(struct stream *r, const char *line, size_t len);

/* Notes the record LINE, which is malformed: the first one is shown, with what one of its kind is. */
void stream_malformed(struct stream *r, const char *line, size_t len);

#endif
