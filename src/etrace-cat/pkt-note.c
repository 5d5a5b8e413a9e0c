/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NOTE, text for people.
 *
 *	u64 time	virtual ns
 *	text, without a final NUL
 *
 * out: N<TAB>0<TAB>620000<TAB>reset
 */
#include "pkt.h"

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	uint64_t time = cursor_u64(c);
	size_t n = cursor_left(c);
	const char *text = (const char *)cursor_bytes(c, n);

	while (n && !text[n - 1])
		n--;
	out_printf(t->out, "N\t%u\t%llu\t", k->unit, (unsigned long long)time);
	out_field(t->out, text, n);
	out_char(t->out, '\n');
}

const struct pkt_kind pkt_note = { WIRE_NOTE, false, WIRE_NOTE_SIZE, "NOTE", decode };
