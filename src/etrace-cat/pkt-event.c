/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EVENT, a device's or CPU's line changed its value; two layouts.
 *
 *	old			new
 *	u64 time, u64 val	u32 flags	bit 0: prev is valid
 *	u16 unit		u16 unit, u16 reserved
 *				u64 time, u64 val, u64 prev
 *	u16 dev_len		u16 dev_len
 *	u16 event_len		u16 event_len
 *	names, each with its NUL, the lengths counting it
 *
 * out: V<TAB>0<TAB>1562673<TAB>/machine/unattached/device[0]<TAB>sleep<TAB>1<TAB>0
 */
#include "pkt.h"

#include <string.h>

static void name(struct out *o, const uint8_t *s, size_t n)
{
	out_char(o, '\t');
	out_field(o, (const char *)s, s ? strnlen((const char *)s, n) : 0);
}

/* What both layouts end with; a name that does not fit has set c->bad. */
static void names(struct trace *t, struct cursor *c)
{
	size_t dev_len = cursor_u16(c), event_len = cursor_u16(c);
	const uint8_t *dev = cursor_bytes(c, dev_len);
	const uint8_t *event = cursor_bytes(c, event_len);

	name(t->out, dev, dev_len);
	name(t->out, event, event_len);
}

static void decode_old_event(struct trace *t, const struct pkt *k, struct cursor *c)
{
	unsigned long long time = cursor_u64(c), val = cursor_u64(c);

	cursor_u16(c);
	out_printf(t->out, "V\t%u\t%llu", k->unit, time);
	names(t, c);
	out_printf(t->out, "\t%llu\t-\n", val);
}

static void decode_event(struct trace *t, const struct pkt *k, struct cursor *c)
{
	uint32_t flags = cursor_u32(c);
	unsigned long long time, val, prev;

	cursor_u32(c);
	time = cursor_u64(c);
	val = cursor_u64(c);
	prev = cursor_u64(c);
	out_printf(t->out, "V\t%u\t%llu", k->unit, time);
	names(t, c);
	if (flags & 1)
		out_printf(t->out, "\t%llu\t%llu\n", val, prev);
	else
		out_printf(t->out, "\t%llu\t-\n", val);
}

const struct pkt_kind pkt_old_event = { WIRE_OLD_EVENT, false, WIRE_OLD_EVENT_SIZE, "old EVENT", decode_old_event };

const struct pkt_kind pkt_event = { WIRE_EVENT, false, WIRE_EVENT_SIZE, "EVENT", decode_event };
