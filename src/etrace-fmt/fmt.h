/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of formats.  A new one is a file fmt-NAME.c and a row in fmt.c.
 */
#ifndef ETRACE_FMT_H
#define ETRACE_FMT_H

#include <stddef.h>
#include <stdio.h>

#include "coverage.h"
#include "die.h"
#include "out.h"
#include "paths.h"
#include "stacks.h"
#include "stream.h"

/* What the user asked to see of calls. */
struct fmt_view {
	const char *function;	/* callers and callees of this one; or NULL */
	double least;		/* per cent; what is less is left out */
};

/* A row has one of the four functions, whichever suits the format. */
struct fmt {
	const char *name, *what;
	bool profile;		/* report() wants the coverage's profile */
	bool calls;		/* and its calls and functions */
	bool views;		/* stacks() heeds the view */

	/* Renders one stream while it is read. */
	void (*stream)(struct stream *in, struct paths *paths, struct out *o);

	/* Renders the coverage as one file.  False if a source could not be read, which it says. */
	bool (*report)(const struct coverage *c, struct out *o);

	/* Renders stacks and calls as one file; X is of no use for this again. */
	enum status (*stacks)(struct stacks *x, const struct fmt_view *view, struct out *o);

	/*
	 * Renders the coverage as files of its own, in the directory DIR or, if that is NULL, where
	 * the sources are.  Says what went wrong.
	 */
	enum status (*tree)(const struct coverage *c, const char *dir);
};

/* The format with this name, or NULL. */
const struct fmt *fmt_find(const char *name);

/* Prints what formats there are, one a line. */
void fmt_list(FILE *f);

/*
 * Writes S with its control bytes as \xNN, so that a name cannot break a line of the output, and
 * with COMMA for each comma.
 */
void fmt_name(struct out *o, const char *s, char comma);

/* Writes N bytes at S after spaces, or before spaces, that make them WIDTH wide; at most 64. */
void fmt_right(struct out *o, const char *s, size_t n, size_t width);
void fmt_left(struct out *o, const char *s, size_t n, size_t width);

#endif
