/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fast path: plain E records, which are nearly all there are.
 */
#ifndef ETRACE_HOT_H
#define ETRACE_HOT_H

#include "blocks.h"
#include "stream.h"

struct hot;

/* B stays the caller's, and must outlive it. */
struct hot *hot_new(struct blocks *b);
void hot_free(struct hot *h);

/*
 * Adds E records to the blocks, from those that R has read already, up to the first record that is
 * anything else, or odd, or not all there: that one is for stream_next().  The steps that they are go to
 * FLOW, unless that is NULL.  Returns whether there was one.
 */
bool hot_run(struct hot *h, struct stream *r, struct flow *flow);

#endif
