/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds where objects are in the guest, by the bytes of the blocks that ran.
 */
#ifndef ETRACE_SYM_FIND_H
#define ETRACE_SYM_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "object.h"
#include "place.h"

struct find;

/* None is owned. */
struct find *find_new(const struct objects *objects, struct places *places, struct blocks *blocks);
void find_free(struct find *f);

/* Block I is new, and place_block() did not find it. */
void find_add(struct find *f, uint32_t i);

/* Whether there are enough blocks that are nowhere for another search. */
bool find_is_due(const struct find *f);

/*
 * Searches for the objects that the blocks are of which are nowhere, and places them.  LAST: no more blocks come, so
 * what is said of the rest is final: code that was patched.  Returns whether any block was placed.
 */
bool find_run(struct find *f, bool last);

/* Says which blocks are in none of several objects, which have the same code.  No failure. */
void find_check(const struct find *f);

/* Forgets all: a trace begins. */
void find_clear(struct find *f);

#endif
