/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the times of merged runs are.  A trace whose times are virtual ones does not say so (etrace-stream(5), I ns);
 * beside one that has others, it has to be said.
 */
#ifndef ETRACE_CLOCK_H
#define ETRACE_CLOCK_H

#include <stdbool.h>

#include "fact.h"

struct clock {
	bool trace, says;		/* the trace at hand: there is one, and it says what its times are */
	bool blocks;			/* it had blocks, so another version belongs to another trace */
	bool some_say, some_do_not;	/* of the traces before */
};

/* A stream begins, or the last one ended. */
void clock_cut(struct clock *c);

void clock_fact(struct clock *c, struct fact f);

/* When all is read: whether some traces say what their times are, and others do not. */
bool clock_is_mixed(struct clock *c);

#endif
