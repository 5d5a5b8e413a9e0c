/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the unexplained blocks of a trace may be: column "what" of U records (etrace-stream(5)).
 */
#ifndef ETRACE_COV_GUESS_H
#define ETRACE_COV_GUESS_H

#include <stdbool.h>
#include <stddef.h>

#include "blocks.h"
#include "fact.h"
#include "ranges.h"

struct guess;

struct guess *guess_new(void);
void guess_free(struct guess *g);

/* Takes a fact about the trace; a T, a G or an A record, false if that is malformed. */
void guess_fact(struct guess *g, struct fact f);
bool guess_t(struct guess *g, const char *line, size_t len);
bool guess_g(struct guess *g, const char *line, size_t len);
bool guess_a(struct guess *g, const char *line, size_t len);

/*
 * Adds to TO the blocks of a trace, RUN, that are in no ELF file.  The one with number I in RUN has the number
 * NUMBER[I] in SUM, where all are placed.
 */
void guess_add(const struct guess *g, const struct blocks *run, const struct blocks *sum, const uint32_t *number,
	       struct ranges *to);

#endif
