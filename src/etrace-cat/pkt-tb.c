/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TB, a block that was translated.
 *
 *	u64 vaddr, u64 paddr, u64 host_addr
 *	u32 guest_len, u32 host_len
 *	guest bytes, host bytes
 *
 * out: T<TAB>0<TAB>:ea83671c<TAB>40200800<TAB>40200800<TAB>a00038d51f0000ebe1030054<TAB>-
 */
#include "blocks.h"
#include "emit.h"
#include "token.h"

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	uint64_t vaddr = cursor_u64(c), paddr = cursor_u64(c);
	uint32_t guest_len, host_len;
	const uint8_t *guest, *host;
	char token[TOKEN_MAX];

	cursor_u64(c);
	guest_len = cursor_u32(c);
	host_len = cursor_u32(c);
	guest = cursor_bytes(c, guest_len);
	host = cursor_bytes(c, host_len);
	if (!guest)
		return;
	if (t->blocks)
		blocks_tell_kept(t->blocks, t->out);	/* where its code is from */
	out_printf(t->out, "T\t%u\t", k->unit);
	out_mem(t->out, token, token_put(token, guest, guest_len));
	out_printf(t->out, "\t%llx\t%llx\t", (unsigned long long)vaddr, (unsigned long long)paddr);
	emit_bytes(t->out, guest, guest_len);
	out_char(t->out, '\t');
	emit_bytes(t->out, host, host ? host_len : 0);
	out_char(t->out, '\n');
}

const struct pkt_kind pkt_tb = { WIRE_TB, false, WIRE_TB_SIZE, "TB", decode };
