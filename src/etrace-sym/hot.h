/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fast path: plain E records, which are nearly all there are.
 */
#ifndef ETRACE_HOT_H
#define ETRACE_HOT_H

#include "annotate.h"
#include "stream.h"

struct hot;

/* A stays the caller's, and must outlive it. */
struct hot *hot_new(struct annotator *a);
void hot_free(struct hot *h);

/*
 * Annotates E records, from those that R has read already, up to the first record that is anything
 * else or not all there: that one is for stream_next().
 */
void hot_run(struct hot *h, struct stream *r, struct out *o);

#endif
