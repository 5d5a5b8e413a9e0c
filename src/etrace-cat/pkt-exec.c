/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EXEC, blocks that ran one after the other on one CPU.
 *
 *	u64 start_time		virtual ns
 *	then entries of 12 or of 20 bytes:
 *	u32 duration		virtual ns
 *	u32 or u64 start, end	guest virtual addresses; end == start if an exception came first
 *
 * out: E<TAB>0<TAB>-<TAB>-<TAB>40200800<TAB>12<TAB>1<TAB>681
 */
#include "pkt.h"

#include <string.h>

#include "die.h"
#include "fact.h"
#include "emit.h"
#include "num.h"

enum {
	CACHE = 4096,
	TEXT_MAX = 64,			/* of EMIT_BLOCK_MAX, 1 and 10 digits with their TABs, newline */
	LINE_MAX_BYTES = 160,
};

struct entry {
	uint32_t ns;
	uint64_t start, end;
};

static inline struct entry load(const uint8_t *p, bool wide, bool swap)
{
	struct entry e;

	e.ns = (uint32_t)load_uint(p, 4, swap);
	e.start = wide ? load_uint(p + 4, 8, swap) : load_uint(p + 4, 4, swap);
	e.end = wide ? load_uint(p + 12, 8, swap) : load_uint(p + 8, 4, swap);
	return e;
}

static bool plausible(const struct cursor *c, bool wide)
{
	const int step = wide ? WIRE_ENTRY_64 : WIRE_ENTRY_32;
	const uint8_t *p = c->p;

	for (int i = 0; i < 16 && c->end - p >= step; i++, p += step) {
		struct entry e = load(p, wide, c->swap);

		if (emit_distance(e.start, e.end, wide) > BLOCK_SIZE_MAX)
			return false;
	}
	return true;
}

/*
 * The width of entries, once a trace.  ARCH says it, but not every writer keeps to what it says
 * there: believe it only if the packet's length and its first entries agree.
 */
static void find_width(struct trace *t, const struct pkt *k, const struct cursor *c)
{
	uint32_t n = k->len - 8;
	bool fits32 = plausible(c, false), fits64 = plausible(c, true);
	unsigned said = t->forced_bits ? t->forced_bits : t->arch_bits, bits;

	if (n % WIRE_ENTRY_32 == 0 || n % WIRE_ENTRY_64 == 0) {
		fits32 = fits32 && n % WIRE_ENTRY_32 == 0;
		fits64 = fits64 && n % WIRE_ENTRY_64 == 0;
	}
	if (t->forced_bits || (said == 64 ? fits64 : fits32) || fits32 == fits64)
		bits = said ? said : fits32 && !fits64 ? 32 : 64;
	else
		bits = fits64 ? 64 : 32;
	if (!t->arch_bits && !t->forced_bits)
		trace_complain(t, k->offset, "EXEC packet, and no ARCH packet told the width of addresses; "
			       "taking %u bits (-w sets it)", bits);
	else if (bits != said)
		warn("%s: byte %llu: ARCH said %u bits, the entries are of %u; taking %u (-w sets it)", t->in->name,
		     (unsigned long long)k->offset, said, bits, bits);
	t->entry_bits = bits;
	fact_put(t->out, FACT_ADDRESS_BITS, bits == 64 ? "64" : "32");
	if (t->fold)
		out_flush(t->out);	/* nothing follows for long, and etrace-sym has something to do */
}

/*
 * The records of the blocks met last, from their start on: a trace runs the same few blocks again and
 * again, and where instructions are the clock each time takes as long as the first.
 */
struct exec_text {
	uint64_t start, end;
	uint32_t ns;			/* of the first execution */
	uint8_t key_len, len;		/* of "in TAB start TAB size", and of all */
	bool good;			/* there is one, of a block that can be: others are counted each time */
	char s[TEXT_MAX];
};

static void make_text(struct exec_text *x, struct trace *t, const struct pkt *k, const struct entry *e, bool wide,
		      uint64_t n)
{
	uint64_t odd = t->odd_blocks;
	char *p = emit_block(x->s, 0, e->start, emit_size(t, k, e->start, e->end, wide, n));

	x->key_len = (uint8_t)(p - x->s);
	x->len = (uint8_t)(emit_times(p, t->seen, 1, e->ns) - x->s);
	x->start = e->start;
	x->end = e->end;
	x->ns = e->ns;
	x->good = odd == t->odd_blocks;
}

/*
 * The hot loop.  A run of one block is one record, with its count.  Copies are of a fixed size,
 * longer than what they mean to copy, because that is a few moves and no call.
 */
static inline __attribute__((always_inline)) void
entries(struct trace *t, const struct pkt *k, struct cursor *c, bool wide, bool swap)
{
	struct exec_text *cache = t->texts;
	const size_t step = wide ? WIRE_ENTRY_64 : WIRE_ENTRY_32;
	const uint8_t *p = c->p, *stop = c->end - cursor_left(c) % step;
	char *o = out_room(t->out, LINE_MAX_BYTES), *full = t->out->buf + OUT_SIZE - LINE_MAX_BYTES;
	uint64_t time = t->exec_time;
	const bool times = t->times;
	char head[16];
	size_t head_len;

	memset(head, 0, sizeof head);
	head_len = (size_t)(record_put_head(head, k->unit) - head);
	memcpy(head + head_len, "-\t", 2);
	head_len += times ? 0 : 2;
	while (p < stop) {
		struct entry e = load(p, wide, swap);
		struct exec_text *x = &cache[(e.start ^ e.start >> 11 ^ e.end << 2) % CACHE];
		uint64_t n = 1, ns = e.ns;
		const uint8_t *q = p + step;

		for (; q < stop && !memcmp(q + 4, p + 4, step - 4); q += step, n++)
			ns += load_uint(q, 4, swap);
		if (x->start != e.start || x->end != e.end || !x->good)
			make_text(x, t, k, &e, wide, n);
		if (o > full) {
			out_upto(t->out, o);
			o = out_room(t->out, OUT_SIZE);
		}
		memcpy(o, head, sizeof head);
		o += head_len;
		if (times) {
			o = num_dec(o, time);
			*o++ = '\t';
		}
		memcpy(o, x->s, TEXT_MAX);
		o = n == 1 && ns == x->ns ? o + x->len : emit_times(o + x->key_len, t->seen, n, ns);
		time += ns;
		p = q;
	}
	out_upto(t->out, o);
	t->exec_time = time;
	c->p = p;
}

/* The same with -c.  The slots of blocks to come are asked for early: a table may not fit the cache. */
static inline __attribute__((always_inline)) void
fold_loop(struct trace *t, const struct pkt *k, struct cursor *c, bool wide, bool swap, struct fold_cpu *cpu, bool fits,
	  bool steps)
{
	enum { AHEAD = 16 };
	const size_t step = wide ? WIRE_ENTRY_64 : WIRE_ENTRY_32;
	const uint8_t *p = c->p, *stop = c->end - cursor_left(c) % step;

	for (; p < stop; p += step) {
		struct entry e = load(p, wide, swap);
		struct fold_block b;

		if ((size_t)(stop - p) > AHEAD * step) {
			struct entry next = load(p + AHEAD * step, wide, swap);

			__builtin_prefetch(fold_slot(cpu, 0, next.start,
						     (uint32_t)emit_distance(next.start, next.end, wide)), 1);
		}
		b = fold_block(0, e.start, emit_size(t, k, e.start, e.end, wide, 1), 1, e.ns);
		if (steps)
			fold_step(cpu, b, fits);
		else
			fold_add(cpu, b, fits);
	}
	c->p = p;
}

static inline __attribute__((always_inline)) void
fold(struct trace *t, const struct pkt *k, struct cursor *c, bool wide, bool swap)
{
	struct fold_cpu *cpu = fold_cpu(t->fold, k->unit);

	/* An entry's time is of 32 bits. */
	bool fits = fold_fits(cpu, (uint64_t)(cursor_left(c) / (wide ? WIRE_ENTRY_64 : WIRE_ENTRY_32)) << 32);

	if (t->fold->has_steps)
		fold_loop(t, k, c, wide, swap, cpu, fits, true);
	else if (fits)
		fold_loop(t, k, c, wide, swap, cpu, true, false);
	else
		fold_loop(t, k, c, wide, swap, cpu, false, false);
}

static inline __attribute__((always_inline)) void
entries_of(struct trace *t, const struct pkt *k, struct cursor *c, bool wide, bool swap)
{
	if (t->fold)
		fold(t, k, c, wide, swap);
	else
		entries(t, k, c, wide, swap);
}

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	bool wide;

	if (!k->at)
		t->exec_time = cursor_u64(c);
	if (!t->entry_bits && cursor_left(c) >= WIRE_ENTRY_32)
		find_width(t, k, c);
	if (!t->texts)
		t->texts = must_calloc(CACHE, sizeof *t->texts);
	wide = t->entry_bits == 64;
	if (c->swap)
		entries_of(t, k, c, wide, true);
	else if (wide)
		entries_of(t, k, c, true, false);
	else
		entries_of(t, k, c, false, false);
}

const struct pkt_kind pkt_exec = { WIRE_EXEC, true, WIRE_EXEC_SIZE, "EXEC", decode };
