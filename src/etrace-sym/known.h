/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fast path: plain E records of blocks that are known, which are nearly all there are.
 */
#ifndef ETRACE_SYM_KNOWN_H
#define ETRACE_SYM_KNOWN_H

#include "annotate.h"
#include "stream.h"

struct known;

/* A stays the caller's, and must outlive it. */
struct known *known_new(struct annotator *a);
void known_free(struct known *k);

/* As annotate_block(), for BLOCK, before END. */
bool known_block(struct known *k, struct field block, const char *end, struct annotation *x, struct out *o);

/*
 * Annotates E records, from those that R has read already.  Stops at the first record that is not a complete, plain
 * E: that one is for stream_next().
 */
void known_run(struct known *k, struct stream *r, struct out *o);

#endif
