/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls and stacks of all traces, C and S records, by name.
 */
#ifndef ETRACE_COV_CALLSUM_H
#define ETRACE_COV_CALLSUM_H

#include <stdbool.h>
#include <stddef.h>

#include "blocks.h"
#include "calls.h"
#include "out.h"
#include "tally.h"

struct callsum;

struct callsum *callsum_new(void);
void callsum_free(struct callsum *s);

/* Adds a C or an S record.  False if it is malformed. */
bool callsum_c(struct callsum *s, const char *line, size_t len);
bool callsum_s(struct callsum *s, const char *line, size_t len);

/* Adds a trace that is at its end.  Its block number I is number NUMBER[I] of BLOCKS, where that is placed. */
void callsum_add(struct callsum *s, struct calls *c, const struct blocks *blocks, const uint32_t *number);

/* Writes C and S records; lines of calls are as T has them.  Once. */
void callsum_write(struct callsum *s, const struct tally *t, struct out *o);

#endif
