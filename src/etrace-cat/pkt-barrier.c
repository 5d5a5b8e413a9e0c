/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BARRIER, empty: what follows happened after what came before.
 *
 * out: B<TAB>0
 */
#include "pkt.h"

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	(void)c;
	if (t->fold)
		return;		/* there is no order to keep */
	out_str(t->out, "B\t");
	out_dec(t->out, k->unit);
	out_char(t->out, '\n');
}

const struct pkt_kind pkt_barrier = { WIRE_BARRIER, false, 0, "BARRIER", decode };
