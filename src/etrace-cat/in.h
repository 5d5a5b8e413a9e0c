/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inputs that can be decoded.  A new one is a file in-NAME.c, which defines in_NAME, and a row in in.c.
 */
#ifndef ETRACE_IN_H
#define ETRACE_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "input.h"
#include "out.h"

struct in_options {
	bool times;		/* E records with their start time */
	bool fold;		/* each block of a CPU once */
	bool steps;		/* with fold: how often which block followed which, too */
	bool walks;		/* W records in the place of E records, where that is possible */
	unsigned bits;		/* of addresses in an etrace: 32, 64, or 0 for "find out" */
};

enum in_match { IN_NO, IN_YES, IN_MAYBE /* more of it is needed */ };

struct in_kind {
	const char *name;	/* for -f */
	const char *what;	/* in a few words */
	/* Whether an input that begins with the N bytes at P is of this kind; END: there are no more, so that it is
	 * one or not. */
	enum in_match (*match)(const char *p, size_t n, bool end);
	/* Writes the records of all of IN to OUT.  False if anything was wrong, which it said. */
	bool (*decode)(struct input *in, struct out *out, const struct in_options *o);
};

enum { IN_PEEK_MAX = 64 * 1024 };	/* bytes that an input is recognised by, at the most */

/* Writes the names of all, a line each with what it is. */
void in_list(FILE *f);

/* The kind with that name; ends the program with ST_USAGE, after a message that lists them, if there is none. */
const struct in_kind *in_named(const char *name);

/*
 * What IN is, by its first bytes, which it leaves there; reads no more than that takes.  NULL, after a message,
 * if it is nothing that is known.
 */
const struct in_kind *in_recognise(struct input *in);

#endif
