/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the two dialects of lcov's tracefile share: all but how they name functions.
 */
#ifndef ETRACE_LCOV_H
#define ETRACE_LCOV_H

#include "fmt.h"

/* What belongs to one file, from an index to the one after the last. */
struct lcov_part {
	const struct coverage *c;
	size_t func, func_end, line, line_end, branch, branch_end;
};

/*
 * Writes C as a tracefile; FUNCTIONS writes what is said of the functions of a file.  False if a source could
 * not be read, which it says.
 */
bool lcov_report(const struct coverage *c, void (*functions)(const struct lcov_part *p, void *arg, struct out *o),
		 void *arg, struct out *o);

/* Writes TAG, as "FNF:", and N. */
void lcov_total(struct out *o, const char *tag, size_t n);

/* Whether a line before TO ran, of those from index *I on, which moves past them. */
bool lcov_any_ran(const struct lcov_part *p, size_t *i, uint32_t to);

/*
 * The functions of a file that begin in the same line as the one with index I: how often they were
 * entered, in *ENTERED; returns the index after them.
 */
size_t lcov_same_line(const struct lcov_part *p, size_t i, uint64_t *entered);

/* Whether lcov takes the function for a lambda, which is inside of another function. */
bool lcov_is_lambda(const char *name);

#endif
