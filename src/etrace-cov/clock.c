/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notes which traces say what their times are.
 * in:  I<TAB>etrace-version<TAB>0.0 / I<TAB>ns<TAB>instructions, and of another trace the first alone
 * out: some say it, some do not
 */
#include "clock.h"

#include <string.h>

static bool begins_with(const char *line, size_t len, const char *start)
{
	return len >= strlen(start) && !memcmp(line, start, strlen(start));
}

void clock_cut(struct clock *c)
{
	if (c->trace)
		*(c->says ? &c->some_say : &c->some_do_not) = true;
	c->trace = c->says = c->blocks = false;
}

void clock_fact(struct clock *c, const char *line, size_t len)
{
	if (begins_with(line, len, "I\tetrace-version\t")) {
		if (c->blocks)
			clock_cut(c);
		c->trace = true;
	} else if (begins_with(line, len, "I\tns\t")) {
		c->says = true;
	}
}

bool clock_is_mixed(struct clock *c)
{
	clock_cut(c);
	return c->some_say && c->some_do_not;
}
