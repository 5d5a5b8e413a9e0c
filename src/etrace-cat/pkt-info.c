/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INFO, the first packet of a trace.
 *
 *	u64 attr	bit 0: blocks were chained, so executions are missing
 *			bit 1: END is the last packet
 *	u16 major, u16 minor
 *
 * out: I<TAB>etrace-version<TAB>0.0
 *      I<TAB>counts<TAB>exact
 */
#include "pkt.h"

#include <stdio.h>

#include "fact.h"

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	uint64_t attr = cursor_u64(c);
	unsigned major = cursor_u16(c), minor = cursor_u16(c);
	char version[24];

	/* A trace behind another in one file starts afresh. */
	trace_end(t, k->offset);
	t->info = true;
	t->seen = attr & WIRE_CHAINED;
	t->ends = attr & WIRE_ENDS;
	t->unordered = false;
	t->arch_bits = t->entry_bits = 0;
	if (major != 0)
		trace_complain(t, k->offset, "INFO packet of format version %u.%u; 0.x is known: trying", major, minor);
	snprintf(version, sizeof version, "%u.%u", major, minor);
	fact_put(t->out, FACT_ETRACE_VERSION, version);
	fact_put(t->out, FACT_COUNTS, t->seen ? "seen" : "exact");
}

const struct pkt_kind pkt_info = { WIRE_INFO, false, WIRE_INFO_SIZE, "INFO", decode };
