/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mode=count: writes what is counted, when QEMU is at its end.
 * in:  on vCPU 0 block 7 began 5 times, and its last instruction 4 times
 * out: COUNT packet, unit 0: 4 times the whole of it, once up to where another block begins in it
 *
 * Called in the writer: malloc() and qsort() are not to be used (see writer.c).
 */
#include "packet.h"
#include "search.h"
#include "writer.h"

struct counts {
	const struct area *a;
	struct sink *out;
	uint8_t *p;		/* a COUNT packet under way */
	size_t len;
	const struct block **sorted;	/* all blocks, by start; where the ends are counted */
	uint32_t n;
};

enum { COUNT_MAX = WIRE_HEADER + WIRE_COUNT_ENTRY * 4096 };

static void flush_counts(struct counts *c, unsigned unit)
{
	if (c->len > WIRE_HEADER) {
		packet_header(c->p, WIRE_COUNT, unit, c->len - WIRE_HEADER);
		write_all(c->a, c->out, c->p, c->len);
	}
	c->len = WIRE_HEADER;
}

/* u32 number, bytes; u64 count, ns */
static void add_count(struct counts *c, unsigned unit, uint64_t count, const struct block *b,
		      uint64_t end)
{
	uint64_t insns = end == b->end ? b->insns : b->insns * (end - b->start) / (b->end - b->start), ns;
	uint8_t *p = c->p + c->len;

	if (!count)
		return;
	put_uint(p, 4, (uint64_t)(b - c->a->block));
	put_uint(p + 4, 4, end - b->start);
	put_uint(p + 8, 8, count);
	put_uint(p + 16, 8, __builtin_mul_overflow(count, insns, &ns) ? UINT64_MAX : ns);
	c->len += WIRE_COUNT_ENTRY;
	if (c->len == COUNT_MAX)
		flush_counts(c, unit);
}

/* Shell's sort, by start. */
static void sort(const struct block **b, uint32_t n)
{
	for (uint32_t gap = n / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11) {
		for (uint32_t i = gap; i < n; i++) {
			const struct block *x = b[i];
			uint32_t j = i;

			for (; j >= gap && b[j - gap]->start > x->start; j -= gap)
				b[j] = b[j - gap];
			b[j] = x;
		}
	}
}

/* How often B began, on all CPUs. */
static uint64_t began(const struct counts *c, const struct block *b)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < c->a->s->n_vcpus; i++)
		n += area_count(c->a, i, (uint32_t)(b - c->a->block))[BEGAN];
	return n;
}

/*
 * Where a block that did not reach its last instruction ended.  QEMU leaves it at an access to a device,
 * and runs that again as a block of one instruction, untold: it ends there.  Or there was an exception:
 * QEMU told of it (a block of no bytes), or control came back to inside of this block after it.
 */
static uint64_t cut_at(const struct counts *c, const struct block *b)
{
	uint64_t end = b->end;
	size_t i;

	SEARCH(i, c->n, c->sorted[i]->start < b->start);
	for (; i < c->n && c->sorted[i]->start - b->start < b->end - b->start; i++) {
		const struct block *x = c->sorted[i];
		bool point = x->start == x->end;

		if (!point && x->insns == 1 && !began(c, x))
			return x->end;
		if (end == b->end && (point || (x->start > b->start && began(c, x))))
			end = x->start;
	}
	return end;
}

static void write_counts(struct counts *c, unsigned unit)
{
	for (uint32_t i = 0; i < c->n; i++) {
		const struct block *b = &c->a->block[i];
		const uint64_t *count = area_count(c->a, unit, i);
		uint64_t cut;

		if (b->unwanted)
			continue;
		cut = c->a->s->ends && count[ENDED] < count[BEGAN] ? count[BEGAN] - count[ENDED] : 0;

		add_count(c, unit, count[BEGAN] - cut, b, b->end);
		if (cut)
			add_count(c, unit, cut, b, cut_at(c, b));
	}
	flush_counts(c, unit);
}

void counts_write(const struct area *a, struct sink *out, uint32_t n)
{
	struct counts c = { .a = a, .out = out, .p = alloc_pages(a, COUNT_MAX), .len = WIRE_HEADER, .n = n };

	if (a->s->ends) {
		c.sorted = alloc_pages(a, (c.n + 1) * sizeof *c.sorted);
		for (uint32_t i = 0; i < c.n; i++)
			c.sorted[i] = &a->block[i];
		sort(c.sorted, c.n);
	}
	for (unsigned i = 0; i < a->s->n_vcpus; i++)
		write_counts(&c, i);
}
