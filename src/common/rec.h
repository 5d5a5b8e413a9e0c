/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records: lines of TAB-separated fields, as etrace-stream(5) has them.
 */
#ifndef ETRACE_REC_H
#define ETRACE_REC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "input.h"

/* The version of the stream that these programs read and write: the first line is "#etrace\t1". */
#define REC_HEADER "#etrace\t1\n"

struct rec_reader {
	struct input in;
	uint64_t line;		/* number of the line that rec_next() gave last, from 1 */
	bool bad;		/* something was wrong, and said */
	uint64_t malformed;	/* how often rec_malformed() was called */
	bool begun;		/* a stream began, and did not end yet */
	bool cut;		/* one began while another had not ended */
	bool incomplete;	/* one ended, and whoever wrote it knew that something was missing */
};

struct field {
	const char *s;
	size_t n;
};

/* Opens NAME (input.h).  False after a message. */
bool rec_open(struct rec_reader *r, const char *name, struct out *tie);

/* The slow part of rec_next(): reads more. */
bool rec_fill(struct rec_reader *r, char **line, size_t *len);

/*
 * The next line, without its newline, valid until the next call.  False at the end.  A last line
 * without a newline was cut short: it is reported, and not given.
 */
static inline bool rec_next(struct rec_reader *r, char **line, size_t *len)
{
	struct input *in = &r->in;
	char *nl = memchr(in->buf + in->pos, '\n', in->end - in->pos);

	if (!nl)
		return rec_fill(r, line, len);
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
bool rec_close(struct rec_reader *r);

/*
 * A stream begins with the fact "stream begin" and ends with "stream end", or "stream incomplete"; so what
 * is cut off is noticed.  rec_begin() writes the first, after the header, and rec_end() the last one.
 *
 * rec_note() looks at an I record, and returns whether it is such a fact: it speaks of the stream that is
 * read, and is not to be passed on.
 */
void rec_begin(struct out *o);
void rec_end(struct out *o, bool whole);
bool rec_note(struct rec_reader *r, const char *line, size_t len);

/* Splits a line at its TABs into at most MAX fields; returns how many the line has. */
size_t rec_split(const char *line, size_t len, struct field *f, size_t max);

/* Whether LINE is of KIND: that letter, then a TAB. */
static inline bool rec_is(const char *line, size_t len, char kind)
{
	return len > 1 && line[0] == kind && line[1] == '\t';
}

/* Whether LINE is the header that a stream of this version begins with. */
static inline bool rec_is_header(const char *line, size_t len)
{
	return len == sizeof REC_HEADER - 2 && !memcmp(line, REC_HEADER, len);
}

/* Whether a field holds this text. */
bool field_is(struct field f, const char *text);

/*
 * Looks at a # comment.  False, after a message, if it says that the stream is of a version that
 * these programs do not know.
 */
bool rec_version_ok(struct rec_reader *r, const char *line, size_t len);

/* Notes a record that cannot be used; WHAT says what it should have been.  The first one is shown. */
void rec_malformed(struct rec_reader *r, const char *line, size_t len, const char *what);

#endif
