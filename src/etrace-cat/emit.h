/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * E records: the size of a block and its text, the same for EXEC, RUN, COUNT and -c; and bytes of code, for T.
 */
#ifndef ETRACE_EMIT_H
#define ETRACE_EMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "in-etrace.h"
#include "out.h"
#include "pkt.h"
#include "record.h"
#include "token.h"

/* Counts N blocks of packet K, from START to END, that are no blocks, and says it the first time.  Returns 0. */
uint64_t emit_odd(struct trace *t, const struct pkt *k, uint64_t start, uint64_t end, uint64_t n);

/*
 * The bytes from START to END, in a space of 64 bits (WIDE) or of 32: END is 0 for a block at the top of it.
 * May be more than a block can have.
 */
static inline uint64_t emit_distance(uint64_t start, uint64_t end, bool wide)
{
	return wide ? end - start : (uint32_t)(end - start);
}

/*
 * The size of the block from START to END, which ran N times: 0, which is said, if no block can be like that.  One
 * that goes on past the top of the address space is none; it may end there, at 0.
 */
static inline uint64_t emit_size(struct trace *t, const struct pkt *k, uint64_t start, uint64_t end, bool wide,
				 uint64_t n)
{
	uint64_t size = emit_distance(start, end, wide);

	bool past = wide ? end - 1 < start - 1 : (uint32_t)(end - 1) < (uint32_t)(start - 1);

	return __builtin_expect(size <= BLOCK_SIZE_MAX && !(past && start), 1) ? size : emit_odd(t, k, start, end, n);
}

/* "in TAB start TAB size" at P, of a block with TOKEN, 0 if its bytes are not known; returns the byte after. */
enum { EMIT_BLOCK_MAX = TOKEN_MAX + 1 + RECORD_ADDR_MAX };

static inline char *emit_block(char *p, uint32_t token, uint64_t start, uint64_t size)
{
	p += token_text(p, token);
	*p++ = '\t';
	return record_put_addr(p, start, size);
}

/* The counts of a block, and the end of its record; returns the byte after. */
static inline char *emit_times(char *p, bool seen, uint64_t count, uint64_t ns)
{
	p = record_put_times(p, seen, count, ns);
	*p++ = '\n';
	return p;
}

/* A record without a time. */
void emit(struct out *o, unsigned unit, uint32_t token, uint64_t start, uint64_t size, bool seen, uint64_t count,
	  uint64_t ns);

/* N bytes as hexadecimal digits, "-" for none. */
void emit_bytes(struct out *o, const uint8_t *p, size_t n);

/* The same where nothing tells how long it took, nor, for EMIT_NO_SIZE, where the block ends. */
#define EMIT_NO_SIZE UINT32_MAX
void emit_untimed(struct out *o, unsigned unit, uint64_t start, uint64_t size, bool seen, uint64_t count);

#endif
