/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the times of the streams are: instructions, or something else, or several kinds in one.
 */
#ifndef ETRACE_TIMES_H
#define ETRACE_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "fact.h"

struct times {
	bool instructions, others;	/* times were that, and were something else */
	bool says_instructions, says_other, any;	/* of the stream at hand */
};

/* A new stream begins, or the last one ended. */
void times_cut(struct times *t);

/* Takes a fact about the stream. */
void times_fact(struct times *t, struct fact f);

/* Notes a time of the stream at hand. */
static inline void times_note(struct times *t, uint64_t ns)
{
	t->any |= ns > 0;
}

/* When all is read: whether times are instructions, all of them.  Says so where only some are. */
bool times_are_instructions(const struct times *t);

#endif
