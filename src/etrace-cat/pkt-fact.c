/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FACT, from etrace-plugin: something known of the trace.
 *
 *	key and value, text, each with its NUL
 *
 * out: I<TAB>binary<TAB>/usr/bin/true
 */
#include "pkt.h"

#include <string.h>

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	const char *key = (const char *)c->p, *end = (const char *)c->end;
	const char *nul = memchr(key, 0, (size_t)(end - key));
	const char *value = nul ? nul + 1 : end;

	(void)k;
	if (!nul) {
		c->bad = true;
		return;
	}
	out_str(t->out, "I\t");
	out_field(t->out, key, (size_t)(nul - key));
	out_char(t->out, '\t');
	out_field(t->out, value, strnlen(value, (size_t)(end - value)));
	out_char(t->out, '\n');
	if (t->fold)
		out_flush(t->out);	/* etrace-sym learns where code is, and has something to do */
}

const struct pkt_kind pkt_fact = { WIRE_FACT, false, WIRE_FACT_SIZE, "FACT", decode };
