/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notes which traces say what their times are.
 * in:  I<TAB>etrace-version<TAB>0.0 / I<TAB>ns<TAB>instructions, and of another trace the first alone
 * out: some say it, some do not
 */
#include "clock.h"

void clock_cut(struct clock *c)
{
	if (c->trace)
		*(c->says ? &c->some_say : &c->some_do_not) = true;
	c->trace = c->says = c->blocks = false;
}

void clock_fact(struct clock *c, struct fact f)
{
	if (fact_means_new_trace(f)) {
		if (c->blocks)
			clock_cut(c);
		c->trace = true;
	} else if (f.key == FACT_NS) {
		c->says = true;
	}
}

bool clock_is_mixed(struct clock *c)
{
	clock_cut(c);
	return c->some_say && c->some_do_not;
}
