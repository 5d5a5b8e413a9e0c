/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up E records by their block, and answers how often an address was executed.
 * in:  E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>3<TAB>180
 * out: 40201a50 of fw.elf was executed 3 times
 */
#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "intern.h"
#include "num.h"
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

struct blocks {
	struct intern *objects;	/* not owned */
	struct intern *seen;	/* by "in TAB start TAB size" as it stands in the record */
	struct block *block;
	size_t n, cap;
	struct intern *texts;
	struct edge *edge;	/* of all objects, one after the other */
	struct ran *ran;	/* by object */
	size_t n_ran;
	bool seen_only;
};

struct blocks *blocks_new(struct intern *objects)
{
	struct blocks *b = must_calloc(1, sizeof *b);

	b->objects = objects;
	b->seen = intern_new();
	b->texts = intern_new();
	return b;
}

void blocks_free(struct blocks *b)
{
	intern_free(b->seen);
	intern_free(b->texts);
	free(b->block);
	free(b->edge);
	free(b->ran);
	free(b);
}

static uint32_t text(struct blocks *b, struct field f)
{
	bool fresh;

	return field_is(f, "-") ? NO_TEXT : intern_put(b->texts, f.s, f.n, &fresh);
}

/* The first E of a block: what etrace-sym appended is the same for all of them. */
static bool first(struct blocks *b, uint32_t id, const char *line, size_t len)
{
	struct block x = { .func = NO_TEXT, .line = NO_TEXT, .malformed = true };
	struct record_e e;
	const char *plus;
	bool fresh;

	GROW(b->block, b->n, b->cap);
	b->n = id + 1;
	b->block[id] = x;
	if (!record_read_e(line, len, &e))
		return false;
	x.in = intern_put(b->objects, e.in.s, e.in.n, &fresh);
	x.start = e.start;
	x.size = e.size;
	x.bare = !e.place.n;
	if (!x.bare) {
		plus = memrchr(e.place.s, '+', e.place.n);
		if (plus)
			e.place.n = (size_t)(plus - e.place.s);
		x.func = text(b, e.place);
		x.line = text(b, e.line);
	}
	x.malformed = false;
	b->block[id] = x;
	return true;
}

bool blocks_find(struct blocks *b, struct field text, const char *line, size_t len, uint32_t *id)
{
	bool fresh;

	*id = intern_put(b->seen, text.s, text.n, &fresh);
	return fresh ? first(b, *id, line, len) : !b->block[*id].malformed;
}

void blocks_count(struct blocks *b, uint32_t id, uint64_t count, uint64_t ns)
{
	struct block *x = &b->block[id];

	count_add_both(&x->count, count, &x->ns, ns);
}

bool blocks_add(struct blocks *b, const char *line, size_t len, struct flow *flow)
{
	struct record_e e;
	uint64_t cpu;
	uint32_t id;

	if (!record_read_e(line, len, &e) || !blocks_find(b, e.block, line, len, &id))
		return false;
	b->seen_only |= !e.count_known;
	e.count = e.count_known ? e.count : 1;
	blocks_count(b, id, e.count, e.ns);
	if (flow && e.count && num_parse_dec(e.cpu.s, e.cpu.n, &cpu))
		flow_step(flow, cpu, id, e.count);
	return true;
}

bool blocks_seen_only(const struct blocks *b)
{
	return b->seen_only;
}

size_t blocks_n(const struct blocks *b)
{
	return b->n;
}

const struct block *blocks_get(const struct blocks *b, size_t i)
{
	return &b->block[i];
}

const char *blocks_text(const struct blocks *b, uint32_t t, size_t *len)
{
	return intern_text(b->texts, t, len);
}

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

void blocks_index(struct blocks *b)
{
	size_t all = 0, n = 0, to;

	b->edge = must_calloc(2 * b->n, sizeof *b->edge);
	b->n_ran = intern_count(b->objects);
	b->ran = must_calloc(b->n_ran, sizeof *b->ran);
	for (size_t i = 0; i < b->n; i++)
		if (!b->block[i].malformed)
			all += put_edges(&b->block[i], b->edge + all);
	if (all)
		qsort(b->edge, all, sizeof *b->edge, by_place);
	for (size_t i = 0; i < all; i = to) {
		struct ran *r = &b->ran[b->edge[i].in];

		for (to = i; to < all && b->edge[to].in == b->edge[i].in; to++)
			;
		*r = (struct ran){ b->edge + n, 0, 0 };
		r->n = sweep(b->edge + i, to - i, b->edge + n);
		n += r->n;
	}
}

struct ran *blocks_in(const struct blocks *b, uint32_t object)
{
	return object < b->n_ran && b->ran[object].n ? &b->ran[object] : NULL;
}

/* The number of edges at or before ADDR, from edge LO on, of which HI are left. */
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
