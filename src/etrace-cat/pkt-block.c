/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BLOCK, from etrace-plugin: a block with a number, which RUN and COUNT packets call it by.
 *
 *	u32 number		one more than that of the BLOCK before; the first one is 0
 *	u32 size		bytes; 0 where an exception or an interrupt came before an instruction
 *	u64 start		guest virtual address
 *	u32 instructions
 *	size bytes of code, or none where they are not known
 *
 * out: T<TAB>0<TAB>:ea83671c<TAB>40200800<TAB>-<TAB>a0003bd5<TAB>-
 */
#include "blocks.h"
#include "emit.h"
#include "token.h"

/* The size of a block: 0, which is said, if none can be like that. */
static uint32_t size_of(struct trace *t, const struct pkt *k, uint64_t start, uint32_t size)
{
	if (size <= BLOCK_SIZE_MAX && (!size || size - 1 <= UINT64_MAX - start))
		return size;
	trace_complain(t, k->offset, "BLOCK packet with a block of %u bytes at %llx; it is given size 0", size,
		       (unsigned long long)start);
	return 0;
}

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	uint32_t number = cursor_u32(c), size = cursor_u32(c);
	uint64_t start = cursor_u64(c);
	struct block b = { .start = start, .unit = k->unit };
	const uint8_t *code;
	size_t n;

	b.insns = cursor_u32(c);
	n = cursor_left(c) ? size : 0;
	code = cursor_bytes(c, n);
	if (!t->blocks)
		t->blocks = blocks_new();
	if (number != t->blocks->n - 1 || number >= RUN_AGAIN - 1) {
		trace_complain(t, k->offset, "BLOCK packet with the number %u; the next one is %u; skipped", number,
			       t->blocks->n - 1);
		return;
	}
	b.size = size_of(t, k, b.start, size);
	if (n && code && b.size) {
		b.token = token_hash(code, n);
		if (!t->fold)
			blocks_tell(t->out, &b, code);
	}
	blocks_add(t->blocks, b, t->seen);
	/* With -c the reader may be busy until the end: it is not to slow the guest. */
	if (b.token && t->fold)
		blocks_keep(t->blocks, code);
}

const struct pkt_kind pkt_block = { WIRE_BLOCK, false, WIRE_BLOCK_SIZE, "BLOCK", decode };
