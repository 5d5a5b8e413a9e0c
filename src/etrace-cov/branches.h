/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conditional branches of the map, R records: how often each was taken, and how often not.
 *
 * A block that ends behind a branch took it if the next one begins at the branch's target, and did not
 * if that begins behind the branch (etrace(7), BRANCHES).
 */
#ifndef ETRACE_COV_BRANCHES_H
#define ETRACE_COV_BRANCHES_H

#include <stdbool.h>
#include <stddef.h>

#include "blocks.h"
#include "follow.h"
#include "out.h"

struct branches;

/* OBJECTS as for blocks_new(). */
struct branches *branches_new(struct intern *objects);
void branches_free(struct branches *r);

/* Adds an R record; one that is there already adds its counts.  False if it is malformed. */
bool branches_add(struct branches *r, const char *line, size_t len);

bool branches_any(const struct branches *r);

/* Adds what F says of the blocks of B.  All branches are known then: those not reached with 0. */
void branches_count(struct branches *r, const struct blocks *b, const struct follow *f);

/* Writes R records, in the order that they came. */
void branches_write(const struct branches *r, struct out *o);

#endif
