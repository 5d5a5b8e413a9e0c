/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranges of unexplained code, U records (etrace-stream(5)): what is near each other, and the same, is one.
 */
#ifndef ETRACE_COV_RANGES_H
#define ETRACE_COV_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out.h"
#include "record.h"

struct ranges;

struct ranges *ranges_new(void);
void ranges_free(struct ranges *r);

/* Adds one, whose texts stay the caller's. */
void ranges_add(struct ranges *r, const struct record_u *u);

/* The same of SIZE bytes, or of none, from ADDR on. */
void ranges_add_block(struct ranges *r, uint64_t addr, uint64_t size, struct field what, uint64_t count, uint64_t ns);

/* Makes them few, and sorts them, those that were executed most first.  How many there are. */
size_t ranges_sort(struct ranges *r);

/* The one with number I, after ranges_sort(), until the next of it or ranges_add(). */
struct record_u ranges_get(const struct ranges *r, size_t i);

/*
 * Writes them, a record each; how many are as many as people read.  Of the smaller ones, where these are is not written
 * then, and at last not even what.  SEEN: a count is 1 or 0, for executed or not.
 */
void ranges_write(struct ranges *r, bool seen, struct out *o);

#endif
