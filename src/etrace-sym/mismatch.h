/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether what ran at the addresses of an object is its code.
 */
#ifndef ETRACE_SYM_MISMATCH_H
#define ETRACE_SYM_MISMATCH_H

#include "blocks.h"
#include "object.h"
#include "place.h"

struct mismatch;

/* OBJECTS, all of them, stay the caller's. */
struct mismatch *mismatch_new(const struct objects *objects);
void mismatch_free(struct mismatch *m);

/* A trace ends, whose blocks are B, in P: compares them with the objects that have code at their addresses. */
void mismatch_trace(struct mismatch *m, const struct places *p, const struct blocks *b);

/*
 * Says at the addresses of which objects more than a quarter of the blocks, and 4 or more, have other bytes and are in
 * no other object either.  Objects that are blamed already are not named again.  False if for one these are most.
 */
bool mismatch_check(const struct mismatch *m);

#endif
