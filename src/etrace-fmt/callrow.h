/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the pages of calls share: numbers in columns, names cut so that a row has 80 columns.
 */
#ifndef ETRACE_CALLROW_H
#define ETRACE_CALLROW_H

#include "fmt.h"

enum { CALLROW_WIDTH = 80 };

/* "  1.2 %", 7 columns: the share of PART in WHOLE. */
void callrow_share(struct out *o, uint64_t part, uint64_t whole);

/* A count of calls, 13 columns at least; "-" for NULL: it is not known, or there is none. */
void callrow_calls(struct out *o, const struct stacks_calls *calls);

/* NAME in at most WIDTH columns, and then NOTE. */
void callrow_name(struct out *o, const char *name, size_t width, const char *note);

/* Whether PART is less than the share of WHOLE that VIEW shows. */
bool callrow_is_small(const struct fmt_view *view, uint64_t part, uint64_t whole);

/* The calls of one function, or those by one function to another; NULL if there are none. */
const struct stacks_calls *callrow_from(const struct stacks *x, uint32_t from, size_t *n);
const struct stacks_calls *callrow_between(const struct stacks *x, uint32_t from, uint32_t to);

/* What stands above all: what was measured, and what is wrong with it. */
void callrow_head(struct out *o, const struct stacks *x);

#endif
