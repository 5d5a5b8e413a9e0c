/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up E records by their block, and answers how often an address was executed.
 * in:  E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>3<TAB>180
 * out: 40201a50 was executed 3 times
 */
#include "blocks.h"

#include <stdlib.h>

#include "count.h"
#include "die.h"
#include "intern.h"
#include "num.h"
#include "search.h"

/* From ADDR up to the next edge. */
struct edge {
	uint64_t addr, count;
	int64_t open;			/* blocks that contain it, each counted once */
	double ns_per_byte, ns_before;	/* ns_before: all time spent below ADDR */
};

struct blocks {
	struct intern *seen;	/* by "start TAB size" as it stands in the record */
	struct block *block;
	size_t n, cap;
	struct intern *texts;
	struct edge *edge;
	size_t n_edge, last_edge;	/* last_edge: where the search before ended */
	bool seen_only;
};

struct blocks *blocks_new(void)
{
	struct blocks *b = must_calloc(1, sizeof *b);

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
	struct field f[9];
	size_t n = record_split(line, len, f, 9);
	struct block x = { .func = NO_TEXT, .place = NO_TEXT, .malformed = true };

	GROW(b->block, b->n, b->cap);
	b->n = id + 1;
	b->block[id] = x;
	if (!num_parse_hex(f[3].s, f[3].n, &x.start) || !num_parse_dec(f[4].s, f[4].n, &x.size) ||
	    (x.size && x.start + (x.size - 1) < x.start))
		return false;
	x.bare = n < 9;
	if (!x.bare) {
		const char *plus = memrchr(f[7].s, '+', f[7].n);

		if (plus)
			f[7].n = (size_t)(plus - f[7].s);
		x.func = text(b, f[7]);
		x.place = text(b, f[8]);
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
	const char *tab[7], *end = line + len;
	uint64_t count, ns, cpu;
	uint32_t id;
	int n = 0;

	for (const char *p = line + 1; p < end && n < 7; p++)
		if (*p == '\t')
			tab[n++] = p;
	if (n < 6)
		return false;
	if (n == 6)
		tab[6] = end;
	if (tab[5] - tab[4] == 2 && tab[4][1] == '-') {
		b->seen_only = true;
		count = 1;
	} else if (!num_parse_dec(tab[4] + 1, (size_t)(tab[5] - tab[4] - 1), &count)) {
		return false;
	}
	if (!num_parse_dec(tab[5] + 1, (size_t)(tab[6] - tab[5] - 1), &ns))
		return false;
	if (!blocks_find(b, (struct field){ tab[2] + 1, (size_t)(tab[4] - tab[2] - 1) }, line, len, &id))
		return false;
	blocks_count(b, id, count, ns);
	if (flow && count && num_parse_dec(tab[0] + 1, (size_t)(tab[1] - tab[0] - 1), &cpu))
		flow_step(flow, cpu, id, count);
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

static int by_addr(const void *a, const void *b)
{
	uint64_t x = ((const struct edge *)a)->addr, y = ((const struct edge *)b)->addr;

	return (x > y) - (x < y);
}

/* Where the block X begins and, unless that is 2^64, where it ends: edges at E.  Returns how many. */
static size_t put_edges(const struct block *x, struct edge *e)
{
	/* A block of no bytes (an exception came first) still took its time. */
	uint64_t bytes = x->size ? x->size : 1, times = x->size ? x->count : 0;
	double rate = (double)x->ns / (double)bytes;

	e[0] = (struct edge){ x->start, times, 1, rate, 0 };
	e[1] = (struct edge){ x->start + bytes, times, -1, -rate, 0 };
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

/* Each block is +count at its start and -count at its end; sorted, one sweep makes them counts. */
void blocks_index(struct blocks *b)
{
	struct wide count = { 0, 0 };
	int64_t open = 0;
	double rate = 0, before = 0;
	size_t all = 0, n = 0;

	b->edge = must_calloc(2 * b->n, sizeof *b->edge);
	for (size_t i = 0; i < b->n; i++)
		all += put_edges(&b->block[i], b->edge + all);
	if (all)
		qsort(b->edge, all, sizeof *b->edge, by_addr);
	for (size_t i = 0; i < all; n++) {
		uint64_t addr = b->edge[i].addr;

		if (n)
			before += rate * (double)(addr - b->edge[n - 1].addr);
		for (; i < all && b->edge[i].addr == addr; i++) {
			const struct edge *e = &b->edge[i];

			wide_step(&count, e);
			open += e->open;
			rate = open ? rate + e->ns_per_byte : 0;	/* what rounding left does not pile up */
		}
		b->edge[n] = (struct edge){ addr, count.high ? count_full() : count.low, open, rate, before };
	}
	b->n_edge = n;
}

/* The number of edges at or before ADDR, from edge LO on, of which HI are left. */
static size_t edges_to(const struct blocks *b, uint64_t addr, size_t lo, size_t hi)
{
	size_t i;

	SEARCH_FROM(i, lo, hi, b->edge[i].addr <= addr);
	return i;
}

/*
 * The edge in force at ADDR, or NULL before the first.  Questions come in the order of addresses,
 * more or less, so the answer is near the one before.
 */
static const struct edge *edge_at(struct blocks *b, uint64_t addr)
{
	size_t i = b->last_edge, hi = i + 16 < b->n_edge ? i + 16 : b->n_edge;

	if (i && b->edge[i - 1].addr > addr)
		i = edges_to(b, addr, 0, i);
	else if (hi == b->n_edge || b->edge[hi].addr > addr)
		i = edges_to(b, addr, i, hi);
	else
		i = edges_to(b, addr, hi, b->n_edge);
	b->last_edge = i;
	return i ? &b->edge[i - 1] : NULL;
}

uint64_t blocks_count_at(struct blocks *b, uint64_t addr)
{
	const struct edge *e = edge_at(b, addr);

	return e ? e->count : 0;
}

/* The time spent at ADDR and below it. */
static double ns_up_to(struct blocks *b, uint64_t addr)
{
	const struct edge *e = edge_at(b, addr);

	return e ? e->ns_before + e->ns_per_byte * ((double)(addr - e->addr) + 1) : 0;
}

uint64_t blocks_ns_in(struct blocks *b, uint64_t addr, uint64_t size)
{
	uint64_t last = size > UINT64_MAX - addr ? UINT64_MAX : addr + size - 1;
	double before = size && addr ? ns_up_to(b, addr - 1) : 0;
	double ns = size ? ns_up_to(b, last) - before : 0;

	if (ns >= 0x1p64)
		return count_full();
	return ns > 0 ? (uint64_t)(ns + 0.5) : 0;
}
