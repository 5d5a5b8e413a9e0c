/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What etrace-sym does with a stream: annotates its records, and holds them against the objects.
 */
#ifndef ETRACE_SYM_FILTER_H
#define ETRACE_SYM_FILTER_H

#include <stdbool.h>

#include "annotate.h"
#include "blocks.h"
#include "disas.h"
#include "mapped.h"
#include "object.h"
#include "out.h"
#include "place.h"
#include "stream.h"

struct filter;

/* What a filter needs.  All of it stays the caller's. */
struct filter_parts {
	struct objects *objects;
	struct places *places;
	struct blocks *blocks;
	struct annotator *annotator;
	struct disas *disas;	/* disassembles T records; NULL: they are not to be */
	struct ends *ends;	/* the annotator's */
	struct mapped *mapped;
	struct out *out;
};

struct filter *filter_new(const struct filter_parts *parts);
void filter_free(struct filter *f);

/* Passes the records of R on, annotated. */
void filter_run(struct filter *f, struct stream *r);

/* When all is read: whether the objects are what ran; says what is not. */
bool filter_check(const struct filter *f);

#endif
