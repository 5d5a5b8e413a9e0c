/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * END, from etrace-plugin: the last packet of a trace.
 *
 *	text with its NUL: why the trace is not whole; "" if it is
 */
#include "pkt.h"

#include <string.h>

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	size_t n = cursor_left(c);
	const char *why = (const char *)cursor_bytes(c, n);

	t->ended = true;
	n = strnlen(why, n);
	if (n)
		trace_complain(t, k->offset, "the trace is incomplete: %.*s", (int)n, why);
}

const struct pkt_kind pkt_end = { WIRE_END, false, WIRE_END_SIZE, "END", decode };
