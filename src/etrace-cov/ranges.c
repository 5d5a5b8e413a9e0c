/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up ranges of unexplained code.
 * in:  U<TAB>400000<TAB>400040<TAB>[user space]<TAB>3<TAB>40, U<TAB>401000<TAB>401008<TAB>[user space]<TAB>1<TAB>9
 * out: U<TAB>400000<TAB>401008<TAB>[user space]<TAB>4<TAB>49
 */
#include "ranges.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "intern.h"

enum {
	NEAR = 0x100000,		/* bytes that may be between two ranges that are one */
	MOST = 64, MOST_PLACED = 48,	/* ranges that are written, and those of them with their addresses */
	ROOM = 4096,		/* that are kept before they are made few, at the least */
};

struct range {
	uint64_t lo, last;	/* last: included */
	uint64_t count, ns;
	uint32_t what;		/* a number in whats */
	bool placed;
};

struct ranges {
	struct intern *whats;
	struct range *range;
	size_t n, cap, room;
};

struct ranges *ranges_new(void)
{
	struct ranges *r = must_calloc(1, sizeof *r);

	r->whats = intern_new();
	r->room = ROOM;
	return r;
}

void ranges_free(struct ranges *r)
{
	intern_free(r->whats);
	free(r->range);
	free(r);
}

static int by_place(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->what != y->what)
		return (x->what > y->what) - (x->what < y->what);
	if (x->placed != y->placed)
		return x->placed - y->placed;
	return (x->lo > y->lo) - (x->lo < y->lo);
}

/* Whether X, which comes after TO by_place(), and TO are one. */
static bool is_same(const struct range *to, const struct range *x)
{
	return to->what == x->what && to->placed == x->placed &&
	       (!x->placed || x->lo <= to->last || x->lo - to->last <= NEAR);
}

/* Makes those that are near each other one. */
static void merge(struct ranges *r)
{
	struct range *to = r->range;

	if (!r->n)
		return;
	qsort(r->range, r->n, sizeof *r->range, by_place);
	for (const struct range *x = to + 1; x < r->range + r->n; x++) {
		if (is_same(to, x)) {
			to->last = x->last > to->last ? x->last : to->last;
			count_add_both(&to->count, x->count, &to->ns, x->ns);
		} else {
			*++to = *x;
		}
	}
	r->n = (size_t)(to - r->range) + 1;
}

static void add(struct ranges *r, struct range x, struct field what)
{
	bool fresh;

	if (r->n == r->room) {
		merge(r);
		r->room = 2 * r->n > ROOM ? 2 * r->n : ROOM;
	}
	x.what = intern_put(r->whats, what.s, what.n, &fresh);
	GROW(r->range, r->n, r->cap);
	r->range[r->n++] = x;
}

void ranges_add(struct ranges *r, const struct record_u *u)
{
	add(r, (struct range){ .lo = u->lo, .last = u->placed ? u->hi - 1 : 0, .count = u->count, .ns = u->ns,
			       .placed = u->placed }, u->what);
}

void ranges_add_block(struct ranges *r, uint64_t addr, uint64_t size, struct field what, uint64_t count, uint64_t ns)
{
	uint64_t more = size ? size - 1 : 0, last = more > UINT64_MAX - addr ? UINT64_MAX : addr + more;

	add(r, (struct range){ .lo = addr, .last = last, .count = count, .ns = ns,
			       .placed = true }, what);
}

static int by_count(const void *a, const void *b, void *ranges)
{
	const struct range *x = a, *y = b;
	const struct ranges *r = ranges;
	int d;

	if (x->count != y->count)
		return (x->count < y->count) - (x->count > y->count);
	d = strcmp(intern_text(r->whats, x->what, NULL), intern_text(r->whats, y->what, NULL));
	return d ? d : by_place(a, b);
}

size_t ranges_sort(struct ranges *r)
{
	merge(r);
	if (r->n)
		qsort_r(r->range, r->n, sizeof *r->range, by_count, r);
	return r->n;
}

struct record_u ranges_get(const struct ranges *r, size_t i)
{
	const struct range *x = &r->range[i];
	struct record_u u = { .placed = x->placed, .lo = x->lo, .hi = x->placed ? x->last + 1 : 0, .count = x->count,
			      .ns = x->ns };

	u.what.s = intern_text(r->whats, x->what, &u.what.n);
	return u;
}

/* From the range with number I on, where they are is not said, nor WHAT unless that is to be KEPT. */
static void forget(struct ranges *r, size_t i, bool kept)
{
	bool fresh;
	uint32_t unknown = intern_put(r->whats, "-", 1, &fresh);

	for (; i < r->n; i++) {
		r->range[i].placed = false;
		r->range[i].lo = r->range[i].last = 0;
		r->range[i].what = kept ? r->range[i].what : unknown;
	}
}

static void only_seen(struct ranges *r)
{
	for (size_t i = 0; i < r->n; i++)
		r->range[i].count = r->range[i].count > 0;
}

void ranges_write(struct ranges *r, bool seen, struct out *o)
{
	if (seen)
		only_seen(r);
	if (ranges_sort(r) > MOST)
		forget(r, MOST_PLACED, true);
	if (ranges_sort(r) > MOST)
		forget(r, MOST - 1, false);
	merge(r);
	if (seen)
		only_seen(r);
	ranges_sort(r);
	for (size_t i = 0; i < r->n; i++) {
		struct record_u u = ranges_get(r, i);

		if (u.count || u.ns)
			record_put_u(o, &u);
	}
}
