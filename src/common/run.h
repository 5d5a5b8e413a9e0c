/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How RUN packets are coded: a block mostly goes where it went before.  The plugin, which writes them, and
 * etrace-cat each keep a node for every block, and both do run_step() at every block that ran.
 *
 * in:  blocks 0 1 0 1 0 2, in a trace that begins
 * out: 01 01 01 02 01 01 05 03: block 0; block 1; block 0; after two predicted ones block 2
 *
 * A node is named by the number of its block + 1; node 0 is where each CPU begins.  The items of a packet are
 * varints, with the lowest 7 bits first, bit 7 set in all bytes but the last one:
 *
 *	n << 1		n times the first successor, then once the second
 *	n << 1 | 1	n times the first successor, then once the node that follows, a varint; if that is 0, a block
 *			that was cut: its node, and the bytes and the instructions that were executed, varints
 *
 * After the last item only first successors follow, as many as the packet says that it has blocks.
 */
#ifndef ETRACE_RUN_H
#define ETRACE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two successors of a block, nodes; 0 for none. */
struct run_node {
	uint32_t first;
	uint32_t second;	/* with RUN_AGAIN if the block went there last time */
};

#define RUN_AGAIN 0x80000000u	/* more than any node */

/* Bytes of an item at the most. */
enum { RUN_VARINT_MAX = 5, RUN_ITEM_MAX = 5 * RUN_VARINT_MAX };

static inline uint32_t run_second(const struct run_node *p)
{
	return p->second & ~RUN_AGAIN;
}

/* NODE ran after P, of which it is the first successor. */
static inline void run_first(struct run_node *p)
{
	if (__builtin_expect(p->second & RUN_AGAIN, 0))
		p->second &= ~RUN_AGAIN;
}

/* The same of the second one: a loop that ends and comes again is no reason to expect its end, twice in a row is. */
static inline void run_to_second(struct run_node *p, uint32_t node)
{
	const struct run_node x = *p;
	const bool once = x.second == node;

	p->first = once ? x.first : node;
	p->second = once ? node | RUN_AGAIN : x.first;
}

/* The same of any node: one that is neither takes the place of the second, and that of the first if there are both. */
static inline void run_step(struct run_node *p, uint32_t node)
{
	if (p->first == node)
		run_first(p);
	else if (p->first && !p->second)
		p->second = node;
	else
		run_to_second(p, node);
}

/* Puts V at P; returns the byte after. */
static inline uint8_t *run_put(uint8_t *p, uint32_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

/* Gets *V from P, before END; returns the byte after, or NULL if it is not all there or has more than 32 bits. */
static inline const uint8_t *run_get(const uint8_t *p, const uint8_t *end, uint32_t *v)
{
	uint64_t x = 0;

	for (unsigned shift = 0; p < end && shift < 7 * RUN_VARINT_MAX; shift += 7) {
		x |= (uint64_t)(*p & 0x7f) << shift;
		if (!(*p++ & 0x80)) {
			*v = (uint32_t)x;
			return x <= UINT32_MAX ? p : NULL;
		}
	}
	return NULL;
}

#endif
