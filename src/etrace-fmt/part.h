/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What coverage has of one file, and the lines that a report shows of it: those with code, and those where a function
 * begins; none past the end of the file, where that is at hand.  So all reports have the same lines.
 */
#ifndef ETRACE_FMT_PART_H
#define ETRACE_FMT_PART_H

#include "coverage.h"

/* What belongs to one file, from an index to the one after the last. */
struct part {
	const struct coverage *c;
	const char *path;
	size_t func, func_end, line, line_end, branch, branch_end;
	bool bad;		/* a source could not be read, which was said */
	struct {
		size_t file, func, line, branch;
	} next;			/* where the next file begins */
};

/* Before the first file; and goes on to the next one that has a line.  False if there is none. */
struct part part_before(const struct coverage *c);
bool part_next(struct part *p);

/*
 * The next line, while func or line is not at its end, and its count; *P moves past it.  The first line of a function
 * ran if the function did, be it in a copy that has no code for that line.
 */
uint32_t part_line(struct part *p, uint64_t *count);

/* Whether a line before TO ran, of those from index *I on, which moves past them. */
bool part_any_ran(const struct part *p, size_t *i, uint32_t to);

/*
 * The functions of a file that begin in the same line as the one with index I: how often they were
 * entered, in *ENTERED; returns the index after them.
 */
size_t part_same_line(const struct part *p, size_t i, uint64_t *entered);

#endif
