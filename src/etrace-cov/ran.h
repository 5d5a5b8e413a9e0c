/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often addresses were executed, and how long: as often as blocks that contain them were (etrace(7), COUNTING).
 */
#ifndef ETRACE_COV_RAN_H
#define ETRACE_COV_RAN_H

#include <stdint.h>

#include "blocks.h"

struct ran_all;

/* Of the blocks of B, which may go then; they are in objects with numbers below OBJECTS. */
struct ran_all *ran_all_new(const struct blocks *b, uint32_t objects);
void ran_all_free(struct ran_all *a);

/* Where the blocks of one object are, or NULL; it is A's.  Ask for it once for many questions. */
struct ran *ran_in(const struct ran_all *a, uint32_t object);

/* How often the byte at ADDR, as linked, was executed. */
uint64_t ran_count(struct ran *r, uint64_t addr);

/*
 * The time spent in SIZE bytes from ADDR on: a block's time is spread evenly over its bytes.  A sum over
 * touching ranges is right to one ns a range.
 */
uint64_t ran_ns(struct ran *r, uint64_t addr, uint64_t size);

#endif
