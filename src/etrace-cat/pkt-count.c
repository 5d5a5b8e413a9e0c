/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * COUNT, from etrace-plugin: blocks that one CPU executed, each with how often, in no order.
 *
 *	entries of 24 bytes:
 *	u32 number		of a BLOCK packet before
 *	u32 bytes		that were executed: less than the block has if it was cut
 *	u64 count
 *	u64 ns			in all
 *
 * out: I<TAB>order<TAB>none, once a trace
 *      E<TAB>0<TAB>-<TAB>-<TAB>40201a4c<TAB>12<TAB>423<TAB>1269
 */
#include "blocks.h"
#include "emit.h"
#include "fact.h"

static void count(struct trace *t, const struct pkt *k, const struct block *b, uint32_t bytes, uint64_t n, uint64_t ns)
{
	if (t->fold) {
		struct fold_cpu *cpu = fold_cpu(t->fold, k->unit);

		fold_add(cpu, fold_block(b->token, b->start, bytes, n, ns), fold_fits(cpu, n | ns));
	} else {
		emit(t->out, k->unit, b->token, b->start, bytes, t->seen, n, ns);
	}
}

/* Says, the first time, why an entry is left out.  B: its block, or NULL. */
static void leave_out(struct trace *t, const struct pkt *k, uint32_t number, const struct block *b, uint32_t bytes)
{
	if (t->odd_counts++)
		return;
	if (!b)
		trace_complain(t, k->offset, "COUNT packet with block %u, of which no BLOCK packet came; left out", number);
	else if (bytes > b->size)
		trace_complain(t, k->offset, "COUNT packet with %u bytes of block %u, which has %u; left out", bytes,
			       number, b->size);
	else
		trace_complain(t, k->offset, "COUNT packet with block %u, executed 0 times; left out", number);
}

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	if (!t->unordered && !t->fold)
		fact_put(t->out, FACT_ORDER, "none");
	t->unordered = true;
	while (cursor_left(c) >= WIRE_COUNT_ENTRY) {
		uint32_t number = cursor_u32(c), bytes = cursor_u32(c);
		uint64_t n = cursor_u64(c), ns = cursor_u64(c);
		const struct block *b = blocks_find(t->blocks, number);

		if (b && bytes <= b->size && n)
			count(t, k, b, bytes, n, ns);
		else
			leave_out(t, k, number, b, bytes);
	}
}

const struct pkt_kind pkt_count = { WIRE_COUNT, true, 0, "COUNT", decode };
