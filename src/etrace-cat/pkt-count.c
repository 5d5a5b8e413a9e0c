/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * COUNT, from etrace-plugin: blocks that one CPU executed, each once with how often, in no order.
 *
 *	entries of 32 bytes, whatever the guest:
 *	u64 count
 *	u64 ns		in all
 *	u64 start, end	guest virtual addresses
 *
 * out: I<TAB>order<TAB>none, once a trace
 *      E<TAB>0<TAB>-<TAB>-<TAB>40201a4c<TAB>12<TAB>423<TAB>1269
 */
#include "emit.h"
#include "fact.h"

void pkt_count(struct trace *t, const struct pkt *k, struct cursor *c)
{
	unsigned bits = t->forced_bits ? t->forced_bits : t->arch_bits;

	if (!t->unordered && !t->fold)
		fact_put(t->out, FACT_ORDER, "none");
	t->unordered = true;
	while (cursor_left(c) >= WIRE_COUNT_ENTRY) {
		uint64_t count = cursor_u64(c), ns = cursor_u64(c), start = cursor_u64(c), end = cursor_u64(c);
		/* ARCH may say 32 bits whatever the guest */
		uint64_t size = emit_size(t, k, start, end, bits != 32 || start >> 32, 1);

		if (t->fold) {
			struct fold_cpu *cpu = fold_cpu(t->fold, k->unit);

			fold_add(cpu, (struct fold_block){ start, size, count, ns }, fold_fits(cpu, count | ns));
		} else {
			emit(t->out, k->unit, start, size, t->seen, count, ns);
		}
	}
}
