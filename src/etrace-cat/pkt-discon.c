/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DISCON, from etrace-plugin: an exception or an interrupt.
 *
 *	u64 time	virtual ns
 *	u64 from, u64 to	guest virtual addresses
 *	u32 kind	WIRE_INTERRUPT or WIRE_EXCEPTION, as in QEMU's enum qemu_plugin_discon_type
 *
 * out: X<TAB>0<TAB>3141<TAB>exception<TAB>40201a50<TAB>40200200
 */
#include "pkt.h"
#include "record.h"

static struct field name(uint32_t kind)
{
	switch (kind) {
	case WIRE_INTERRUPT: return field_of("interrupt");
	case WIRE_EXCEPTION: return field_of("exception");
	}
	return field_of("-");
}

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	struct record_x x = { .cpu = k->unit };

	x.time = cursor_u64(c);
	x.from = cursor_u64(c);
	x.to = cursor_u64(c);
	x.kind = name(cursor_u32(c));
	record_put_x(t->out, &x);
}

const struct pkt_kind pkt_discon = { WIRE_DISCON, false, WIRE_DISCON_SIZE, "DISCON", decode };
