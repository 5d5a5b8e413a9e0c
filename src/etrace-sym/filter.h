/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What etrace-sym does with a stream: annotates its records, and holds them against the objects.
 */
#ifndef ETRACE_SYM_FILTER_H
#define ETRACE_SYM_FILTER_H

#include <stdbool.h>

#include "annotate.h"
#include "disas.h"
#include "object.h"
#include "out.h"
#include "place.h"
#include "stream.h"

struct filter;

/* To O.  D disassembles T records, unless it is NULL.  All that is given stays the caller's. */
struct filter *filter_new(struct objects *objects, struct places *places, struct annotator *a, struct disas *d,
			  struct out *o);
void filter_free(struct filter *f);

/* Passes the records of R on, annotated. */
void filter_run(struct filter *f, struct stream *r);

/* When all is read: whether the objects are what ran; says what is not. */
bool filter_check(const struct filter *f);

#endif
