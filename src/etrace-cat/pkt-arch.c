/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ARCH, once a trace, before any EXEC.
 *
 *	guest, then host, each:
 *	u32 arch_id	0 in all traces seen
 *	u8 bits		32 or 64; releases up to 2021.2 always say 32
 *	u8 big_endian	set for a big-endian target, garbage else
 *	u8 padding[2]
 *
 * The host's is never filled in.
 *
 * out: I<TAB>guest-bits<TAB>64
 *      I<TAB>guest-endian<TAB>little
 */
#include "pkt.h"

#include "fact.h"

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	unsigned bits, big;

	cursor_u32(c);
	bits = cursor_u8(c);
	big = cursor_u8(c);
	t->entry_bits = 0;
	t->arch_bits = bits == 32 || bits == 64 ? bits : 0;
	if (!t->arch_bits)
		trace_complain(t, k->offset, "ARCH packet says %u bits, not 32 or 64; the width of addresses is "
			       "guessed from the entries (-w sets it)", bits);
	else
		fact_put(t->out, FACT_GUEST_BITS, bits == 64 ? "64" : "32");
	if (big <= 1)
		fact_put(t->out, FACT_GUEST_ENDIAN, big ? "big" : "little");
}

const struct pkt_kind pkt_arch = { WIRE_ARCH, false, WIRE_ARCH_SIZE, "ARCH", decode };
