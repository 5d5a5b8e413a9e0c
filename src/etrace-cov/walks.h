/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * W records: many blocks each, in their order.
 */
#ifndef ETRACE_COV_WALKS_H
#define ETRACE_COV_WALKS_H

#include <stdbool.h>
#include <stddef.h>

#include "blocks.h"
#include "readers.h"

struct walks;

/* B stays the caller's, and must outlive it. */
struct walks *walks_new(struct blocks *b);
void walks_free(struct walks *w);

/*
 * Adds a W record, and the steps that it is to READERS unless that is NULL.  False if it is malformed: what
 * comes before that is added.
 */
bool walks_add(struct walks *w, const char *line, size_t len, const struct readers *readers);

#endif
