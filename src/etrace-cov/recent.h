/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fast path: plain E records, which are nearly all there are.
 */
#ifndef ETRACE_COV_RECENT_H
#define ETRACE_COV_RECENT_H

#include "blocks.h"
#include "readers.h"
#include "stream.h"

struct recent;

/* B stays the caller's, and must outlive it. */
struct recent *recent_new(struct blocks *b);
void recent_free(struct recent *x);

/*
 * Adds E records to the blocks, from those that R has read already, up to the first record that is
 * anything else, unusual or incomplete: that one is for stream_next().  The steps that they are go to
 * READERS, unless that is NULL.  Returns whether there was one.
 */
bool recent_run(struct recent *x, struct stream *r, const struct readers *readers);

#endif
