/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MEM, an access to memory-mapped I/O.
 *
 *	u64 time	virtual ns
 *	u64 vaddr	0 in all traces seen
 *	u64 paddr, u64 value
 *	u32 attr	bit 0: a write
 *	u8 size		bytes
 *	u8 padding[3]
 *
 * out: M<TAB>0<TAB>748503<TAB>w<TAB>0<TAB>9000000<TAB>4<TAB>115
 */
#include "pkt.h"

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	unsigned long long time = cursor_u64(c), vaddr = cursor_u64(c), paddr = cursor_u64(c);
	unsigned long long value = cursor_u64(c);
	uint32_t attr = cursor_u32(c);
	unsigned size = cursor_u8(c);

	out_printf(t->out, "M\t%u\t%llu\t%c\t%llx\t%llx\t%u\t%llu\n", k->unit, time, attr & 1 ? 'w' : 'r',
		   vaddr, paddr, size, value);
}

const struct pkt_kind pkt_mem = { WIRE_MEM, false, WIRE_MEM_SIZE, "MEM", decode };
