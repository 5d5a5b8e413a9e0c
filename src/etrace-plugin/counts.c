/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mode=count: writes what is counted, when QEMU is at its end.
 * in:  on vCPU 0 block 7 began 5 times, and its last instruction 4 times
 * out: COUNT packet, unit 0: 4 times the whole of it, once up to where another block begins in it
 *
 * Called in the writer: malloc() and qsort() are not to be used (see writer.c).
 */
#include "packet.h"
#include "plugin.h"
#include "search.h"

struct counts {
	const struct area *a;
	int out;
	uint8_t *p;		/* a COUNT packet under way */
	size_t len;
	const struct block **sorted;	/* all blocks, by start; where the ends are counted */
	uint32_t n;
};

enum { COUNT_STEP = 32, COUNT_MAX = HEADER + COUNT_STEP * 4096 };

static void flush_counts(struct counts *c, unsigned unit)
{
	if (c->len > HEADER) {
		packet_header(c->p, PKT_COUNT, unit, c->len - HEADER);
		write_all(c->a, c->out, c->p, c->len);
	}
	c->len = HEADER;
}

/* u64 count, ns, start, end */
static void add_count(struct counts *c, unsigned unit, uint64_t count, const struct block *b,
		      uint64_t end)
{
	uint64_t insns = end == b->end ? b->insns : b->insns * (end - b->start) / (b->end - b->start), ns;
	uint8_t *p = c->p + c->len;

	if (!count)
		return;
	put(p, 8, count);
	put(p + 8, 8, __builtin_mul_overflow(count, insns, &ns) ? UINT64_MAX : ns);
	put(p + 16, 8, b->start);
	put(p + 24, 8, end);
	c->len += COUNT_STEP;
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

/*
 * Whether control came to where B begins, on the CPU, after it had left another block: B ran, or is of
 * no bytes, as QEMU told of an exception there.  (QEMU runs an access to a device as a block of its own,
 * untold, after it had a try at it in another.)
 */
static bool resumes(const struct counts *c, unsigned unit, const struct block *b)
{
	return b->start == b->end || area_count(c->a, unit, (uint32_t)(b - c->a->block))[BEGAN];
}

/*
 * Where a block that did not reach its last instruction ended: QEMU leaves a block at an access to a
 * device, an exception before the instruction that failed, and what goes on there is a block that starts
 * inside this one.  The first such is taken.
 */
static uint64_t cut_at(const struct counts *c, unsigned unit, const struct block *b)
{
	size_t i;

	SEARCH(i, c->n, c->sorted[i]->start < b->start);
	for (; i < c->n && c->sorted[i]->start - b->start < b->end - b->start; i++) {
		const struct block *x = c->sorted[i];

		if ((x->start != b->start || x->end == x->start) && resumes(c, unit, x))
			return x->start;
	}
	return b->end;
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
			add_count(c, unit, cut, b, cut_at(c, unit, b));
	}
	flush_counts(c, unit);
}

void counts_write(const struct area *a, int out)
{
	struct counts c = { .a = a, .out = out, .p = get(a, COUNT_MAX), .len = HEADER, .n = a->s->n_blocks };

	if (a->s->ends) {
		c.sorted = get(a, (c.n + 1) * sizeof *c.sorted);
		for (uint32_t i = 0; i < c.n; i++)
			c.sorted[i] = &a->block[i];
		sort(c.sorted, c.n);
	}
	for (unsigned i = 0; i < a->s->n_vcpus; i++)
		write_counts(&c, i);
}
