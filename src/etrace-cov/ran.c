/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up blocks that overlap, in one sweep over where they begin and end.
 * in:  3 times 40201a48+12, once 40201a50+4
 * out: 40201a50 was executed 4 times
 */
#include "ran.h"

#include <stdlib.h>

#include "count.h"
#include "die.h"
#include "search.h"

/* From ADDR up to the next edge in the same object. */
struct edge {
	uint64_t addr, count;
	uint32_t in;
	int64_t open;			/* blocks that contain it, each counted once */
	double ns_per_byte, ns_before;	/* ns_before: all time spent below ADDR */
};

struct ran {
	const struct edge *edge;
	size_t n, last;			/* last: where the search before ended */
};

struct ran_all {
	struct edge *edge;		/* of all objects, one after the other */
	struct ran *ran;		/* by object */
	size_t n;
};

static int by_place(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return x->in != y->in ? (x->in > y->in) - (x->in < y->in) : (x->addr > y->addr) - (x->addr < y->addr);
}

/* Where the block X begins and, unless that is 2^64, where it ends: edges at E.  Returns how many. */
static size_t put_edges(const struct block *x, struct edge *e)
{
	/* A block of no bytes (an exception came first) still took its time. */
	uint64_t bytes = x->size ? x->size : 1, times = x->size ? x->count : 0;
	double rate = (double)x->ns / (double)bytes;

	e[0] = (struct edge){ x->start, times, x->in, 1, rate, 0 };
	e[1] = (struct edge){ x->start + bytes, times, x->in, -1, -rate, 0 };
	return e[1].addr ? 2 : 1;
}

/* The counts of all blocks at one place together, before it is known whether they fit a count. */
struct wide {
	uint64_t low, high;
};

static void wide_step(struct wide *w, const struct edge *e)
{
	if (e->open > 0)
		w->high += __builtin_add_overflow(w->low, e->count, &w->low);
	else
		w->high -= __builtin_sub_overflow(w->low, e->count, &w->low);
}

/*
 * Sums up the N sorted edges at E, of one object; how many there are, one an address, from TO on.  Each block is
 * +count at its start and -count at its end, so one sweep makes them counts.
 */
static size_t sweep(const struct edge *e, size_t n, struct edge *to)
{
	struct wide count = { 0, 0 };
	int64_t open = 0;
	double rate = 0, before = 0;
	size_t k = 0;

	for (size_t i = 0; i < n; k++) {
		uint64_t addr = e[i].addr;
		uint32_t in = e[i].in;

		if (k)
			before += rate * (double)(addr - to[k - 1].addr);
		for (; i < n && e[i].addr == addr; i++) {
			wide_step(&count, &e[i]);
			open += e[i].open;
			rate = open ? rate + e[i].ns_per_byte : 0;	/* what rounding left does not pile up */
		}
		to[k] = (struct edge){ addr, count.high ? count_full() : count.low, in, open, rate, before };
	}
	return k;
}

struct ran_all *ran_all_new(const struct blocks *b, uint32_t objects)
{
	struct ran_all *a = must_calloc(1, sizeof *a);
	size_t all = 0, n = 0, to;

	a->edge = must_calloc(2 * blocks_n(b), sizeof *a->edge);
	a->n = objects;
	a->ran = must_calloc(a->n, sizeof *a->ran);
	for (size_t i = 0; i < blocks_n(b); i++)
		all += put_edges(blocks_get(b, i), a->edge + all);
	if (all)
		qsort(a->edge, all, sizeof *a->edge, by_place);
	for (size_t i = 0; i < all; i = to) {
		struct ran *r = &a->ran[a->edge[i].in];

		for (to = i; to < all && a->edge[to].in == a->edge[i].in; to++)
			;
		*r = (struct ran){ a->edge + n, 0, 0 };
		r->n = sweep(a->edge + i, to - i, a->edge + n);
		n += r->n;
	}
	return a;
}

void ran_all_free(struct ran_all *a)
{
	free(a->edge);
	free(a->ran);
	free(a);
}

struct ran *ran_in(const struct ran_all *a, uint32_t object)
{
	return object < a->n && a->ran[object].n ? &a->ran[object] : NULL;
}

/* How many edges are at or before ADDR; it is known to be LO to HI. */
static size_t edges_to(const struct ran *r, uint64_t addr, size_t lo, size_t hi)
{
	size_t i;

	SEARCH_FROM(i, lo, hi, r->edge[i].addr <= addr);
	return i;
}

/*
 * The edge in force at ADDR, or NULL before the first.  Questions come in the order of addresses,
 * more or less, so the answer is near the one before.
 */
static const struct edge *edge_at(struct ran *r, uint64_t addr)
{
	size_t i = r->last, hi = i + 16 < r->n ? i + 16 : r->n;

	if (i && r->edge[i - 1].addr > addr)
		i = edges_to(r, addr, 0, i);
	else if (hi == r->n || r->edge[hi].addr > addr)
		i = edges_to(r, addr, i, hi);
	else
		i = edges_to(r, addr, hi, r->n);
	r->last = i;
	return i ? &r->edge[i - 1] : NULL;
}

uint64_t ran_count(struct ran *r, uint64_t addr)
{
	const struct edge *e = r ? edge_at(r, addr) : NULL;

	return e ? e->count : 0;
}

/* The time spent at ADDR and below it. */
static double ns_up_to(struct ran *r, uint64_t addr)
{
	const struct edge *e = edge_at(r, addr);

	return e ? e->ns_before + e->ns_per_byte * ((double)(addr - e->addr) + 1) : 0;
}

uint64_t ran_ns(struct ran *r, uint64_t addr, uint64_t size)
{
	uint64_t last = size > UINT64_MAX - addr ? UINT64_MAX : addr + size - 1;
	double before, ns;

	if (!r || !size)
		return 0;
	before = addr ? ns_up_to(r, addr - 1) : 0;
	ns = ns_up_to(r, last) - before;
	if (ns >= 0x1p64)
		return count_full();
	return ns > 0 ? (uint64_t)(ns + 0.5) : 0;
}
