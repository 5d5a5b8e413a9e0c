/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the two dialects of lcov's tracefile share: all but how they name functions.
 */
#ifndef ETRACE_FMT_LCOV_H
#define ETRACE_FMT_LCOV_H

#include "fmt.h"
#include "part.h"

/*
 * Writes C as a tracefile; FUNCTIONS writes what is said of the functions of a file.  False if a source could
 * not be read, which it says.
 */
bool lcov_report(const struct coverage *c, void (*functions)(const struct part *p, void *arg, struct out *o), void *arg,
		 struct out *o);

/* Writes TAG, as "FNF:", and N. */
void lcov_total(struct out *o, const char *tag, size_t n);

/* Whether lcov takes the function for a lambda, which is inside of another function. */
bool lcov_is_lambda(const char *name);

#endif
