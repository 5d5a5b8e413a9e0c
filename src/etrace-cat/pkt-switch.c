/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SWITCH, from etrace-plugin: a CPU goes on on another stack.
 *
 *	u64 time	virtual ns
 *	u64 stack	guest virtual address, which the stack is known by
 *
 * out: Y<TAB>0<TAB>90311<TAB>ffff000002c81080
 */
#include "pkt.h"
#include "record.h"

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	struct record_y y = { .cpu = k->unit };

	y.time = cursor_u64(c);
	y.stack = cursor_u64(c);
	record_put_y(t->out, &y);
}

const struct pkt_kind pkt_switch = { WIRE_SWITCH, false, WIRE_SWITCH_SIZE, "SWITCH", decode };
