/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What streams count together: their blocks, on top of the counts that they bring.
 */
#ifndef ETRACE_COV_COUNTER_H
#define ETRACE_COV_COUNTER_H

#include <stdbool.h>

#include "out.h"
#include "stream.h"

struct counter;

/*
 * BRANCHES: count them too.  FORCE: take traces that only say what was seen; without, one ends the program with
 * ST_INPUT, after a message.  QUIET: do not say what is unexplained.  Records of kinds that are not known are passed on
 * to O, which stays the caller's.
 */
struct counter *counter_new(bool branches, bool calls, bool force, bool quiet, struct out *o);
void counter_free(struct counter *c);

/* Adds a stream, which stays the caller's to close. */
void counter_read(struct counter *c, struct stream *r);

/* Once, when all is read: writes the sum.  False if something of it is missing, which it said. */
bool counter_write(struct counter *c);

#endif
