/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes E records.
 * in:  CPU 0, a block of 12 bytes at 0x40201a48, twice, 90 ns
 * out: E<TAB>0<TAB>-<TAB>-<TAB>40201a48<TAB>12<TAB>2<TAB>90
 */
#include "emit.h"

#include <string.h>

void emit_bytes(struct out *o, const uint8_t *p, size_t n)
{
	if (!n)
		out_char(o, '-');
	for (size_t i = 0; i < n; i++) {
		char *q = out_room(o, 2);

		*q++ = "0123456789abcdef"[p[i] >> 4];
		*q++ = "0123456789abcdef"[p[i] & 15];
		out_upto(o, q);
	}
}

uint64_t emit_odd(struct trace *t, const struct pkt *k, uint64_t start, uint64_t end, uint64_t n)
{
	if (!t->odd_blocks)
		trace_complain(t, k->offset, "%s packet with a block from %llx to %llx; such blocks are given "
			       "size 0 (is the width right? -w sets it)", pkt_kind(k->type)->name,
			       (unsigned long long)start, (unsigned long long)end);
	t->odd_blocks += n;
	return 0;
}

void emit(struct out *o, unsigned unit, uint32_t token, uint64_t start, uint64_t size, bool seen, uint64_t count,
	  uint64_t ns)
{
	char *p = record_put_head(out_room(o, RECORD_HEAD_MAX + EMIT_BLOCK_MAX + RECORD_TIMES_MAX + 1), unit);

	*p++ = '-';
	*p++ = '\t';
	out_upto(o, emit_times(emit_block(p, token, start, size), seen, count, ns));
}

void emit_untimed(struct out *o, unsigned unit, uint64_t start, uint64_t size, bool seen, uint64_t count)
{
	char *p = record_put_head(out_room(o, RECORD_HEAD_MAX + EMIT_BLOCK_MAX + RECORD_TIMES_MAX + 1), unit);

	p = num_hex(stpcpy(p, "-\t-\t"), start);
	*p++ = '\t';
	p = size == EMIT_NO_SIZE ? stpcpy(p, "-") : num_dec(p, size);
	*p++ = '\t';
	p = seen ? stpcpy(p, "-") : num_dec(p, count);
	out_upto(o, stpcpy(p, "\t-\n"));
}
