/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * W records: blocks that run one after the other, each different one spelt out once a record.
 */
#ifndef ETRACE_WALKS_H
#define ETRACE_WALKS_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "out.h"

struct walks;

/* TIMES: records with the time of their first block. */
struct walks *walks_new(struct out *o, bool times);
void walks_free(struct walks *x);

/*
 * UNIT goes on, at TIME, to blocks of B, up to COUNT of them; B stays as it is until the next call of this.
 * The record under way is written if these cannot be part of it.
 */
void walks_begin(struct walks *x, const struct blocks *b, unsigned unit, uint64_t time, uint32_t count);

/* N times to the first successor, from *NODE on, which moves.  False if there is none. */
bool walks_firsts(struct walks *x, uint32_t *node, uint32_t n);

/* To NODE, or to a part of it. */
void walks_to(struct walks *x, uint32_t node);
void walks_cut(struct walks *x, uint32_t node, uint32_t bytes, uint32_t insns);

/* When the next block begins. */
uint64_t walks_time(const struct walks *x);

/* Writes the record under way, if there is one. */
void walks_end(struct walks *x);

#endif
