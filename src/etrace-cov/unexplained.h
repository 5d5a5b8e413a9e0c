/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unexplained code, in no function and no line of any ELF file: U records, and a message of how much that is.
 */
#ifndef ETRACE_COV_UNEXPLAINED_H
#define ETRACE_COV_UNEXPLAINED_H

#include <stdbool.h>
#include <stddef.h>

#include "blocks.h"
#include "out.h"
#include "ranges.h"
#include "tally.h"

struct unexplained;

struct unexplained *unexplained_new(void);
void unexplained_free(struct unexplained *u);

/* Adds a U record, counted before.  False if it is malformed. */
bool unexplained_u(struct unexplained *u, const char *line, size_t len);

/* Where traces add what is in no object; it is U's. */
struct ranges *unexplained_ranges(struct unexplained *u);

/*
 * When all traces are added: adds the blocks of B that are in an object, and not explained either.  Unless QUIET, says
 * how much of what ran is in none, if that is noticeable; SEEN: how often it ran is not known.  False if blocks have no
 * place since etrace-sym has not seen them, which it says.
 */
bool unexplained_blocks(struct unexplained *u, const struct blocks *b, const struct tally *t, bool seen, bool quiet);

/* Writes U records; SEEN: a count is 1 or 0. */
void unexplained_write(struct unexplained *u, bool seen, struct out *o);

#endif
