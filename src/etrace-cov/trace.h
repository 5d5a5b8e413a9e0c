/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One trace: the blocks that its E records name, which of them followed which, and where its P records place them.
 * What a name means may be another block in the next trace, so each is counted by itself and then added to the sum.
 */
#ifndef ETRACE_COV_TRACE_H
#define ETRACE_COV_TRACE_H

#include <stdbool.h>

#include "blocks.h"
#include "fact.h"
#include "callsum.h"
#include "follow.h"
#include "ranges.h"
#include "stream.h"

struct trace;

/* STEPS: note which block followed which; CALLS: who called whom. */
struct trace *trace_new(bool steps, bool calls);
void trace_free(struct trace *t);

/* Takes a fact about it. */
void trace_fact(struct trace *t, struct fact f);

/* From here on no block is known to follow another. */
void trace_unordered(struct trace *t);

/* Whether it is known which block follows which: the next E is a step; or only how often which does, by J records. */
bool trace_has_steps(const struct trace *t);
bool trace_is_folded(const struct trace *t);

/* Adds a record.  False if it is malformed. */
bool trace_e(struct trace *t, const char *line, size_t len);
bool trace_j(struct trace *t, const char *line, size_t len);
bool trace_p(struct trace *t, const char *line, size_t len);
bool trace_g(struct trace *t, const char *line, size_t len);
bool trace_a(struct trace *t, const char *line, size_t len);
bool trace_t(struct trace *t, const char *line, size_t len);
bool trace_k(struct trace *t, const char *line, size_t len);
bool trace_w(struct trace *t, const char *line, size_t len);
bool trace_x(struct trace *t, const char *line, size_t len);
bool trace_y(struct trace *t, const char *line, size_t len);

/* Adds E records that R has read already, as recent_run() does. */
bool trace_run(struct trace *t, struct stream *r);

/* Whether an E record said that it does not know how often: its count is "-". */
bool trace_seen_only(const struct trace *t);

/*
 * Adds it, with all blocks where P records place them, to BLOCKS, and to FLOW and CALLS unless it is without steps or
 * calls; what is in no object and unexplained then, to UNEXPLAINED too.  Once.
 */
void trace_add(struct trace *t, struct blocks *blocks, struct follow *flow, struct callsum *calls,
	       struct ranges *unexplained);

/* NULL without calls. */
struct calls *trace_calls(const struct trace *t);

#endif
