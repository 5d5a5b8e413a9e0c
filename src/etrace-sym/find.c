/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the candidates that most blocks vote for, checks each against all blocks in its range, and places it if it
 * explains them.  The blocks that it explains vote for nothing else.
 * in:  blocks at ffffa6ddc2e10000 and on, vmlinux
 * out: a place of vmlinux, 26ddbae00000 higher than linked
 */
#include "find.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "evidence.h"
#include "search.h"
#include "sort.h"
#include "votes.h"

enum {
	PAGE = 4096,
	FIRST_DUE = 16,
	FEW = 1 << 14,			/* blocks, for short windows */
	MIN_BYTES = 16, MANY_BYTES = 96,
};

struct find {
	const struct objects *objects;
	struct places *places;
	struct blocks *blocks;
	uint32_t *pending;		/* blocks that are nowhere */
	size_t n, cap, due;
	struct sort_item *sorted;	/* the same by their starts */
	size_t n_sorted;
};

struct find *find_new(const struct objects *objects, struct places *places, struct blocks *blocks)
{
	struct find *f = must_calloc(1, sizeof *f);

	f->objects = objects;
	f->places = places;
	f->blocks = blocks;
	f->due = FIRST_DUE;
	return f;
}

void find_free(struct find *f)
{
	free(f->pending);
	free(f->sorted);
	free(f);
}

void find_clear(struct find *f)
{
	f->n = 0;
	f->due = FIRST_DUE;
}

void find_add(struct find *f, uint32_t i)
{
	GROW(f->pending, f->n, f->cap);
	f->pending[f->n++] = i;
}

bool find_is_due(const struct find *f)
{
	return f->n >= f->due;
}

static bool is_pending(const struct find *f, uint32_t i)
{
	const struct block *b = blocks_get(f->blocks, i);

	return !b->at && !b->ambiguous;
}

/* Leaves out what is placed by now. */
static void settle(struct find *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (is_pending(f, f->pending[i]))
			f->pending[n++] = f->pending[i];
	f->n = n;
}

static void sort_pending(struct find *f)
{
	struct sort_item *tmp = must_malloc((f->n + 1) * sizeof *tmp);

	f->sorted = must_realloc(f->sorted, f->n + 1, sizeof *f->sorted);
	f->n_sorted = f->n;
	for (size_t i = 0; i < f->n; i++)
		f->sorted[i] = (struct sort_item){ blocks_get(f->blocks, f->pending[i])->start, f->pending[i] };
	sort_items(f->sorted, tmp, f->n);
	free(tmp);
}

/* ---- one candidate ---- */

/* What the candidate's code is to the blocks in its range. */
struct fit {
	size_t equal, all;	/* ALL: also what has other bytes, between the first and the last that is equal */
	uint32_t first, last;	/* of the equal ones */
	struct evidence ev;	/* of these, where the candidate is a section */
};

struct extent {
	uint64_t lo, hi;	/* linked */
};

static struct extent extent_of(const struct candidate *c)
{
	const struct elf *e = &c->ob->elf;

	if (c->section)
		return (struct extent){ c->section->addr, c->section->addr + c->section->size };
	return (struct extent){ e->code[0].lo, e->code[e->n_code - 1].hi };
}

/* Calls DO for each pending block in the range of C. */
static void each_in_range(const struct find *f, const struct candidate *c,
			  void (*each)(const struct find *f, const struct candidate *c, uint32_t i, void *arg), void *arg)
{
	struct extent x = extent_of(c);
	uint64_t lo = x.lo + c->bias;
	size_t i;

	SEARCH(i, f->n_sorted, f->sorted[i].key < lo);
	for (; i < f->n_sorted && f->sorted[i].key - lo < x.hi - x.lo; i++)
		if (is_pending(f, f->sorted[i].i) && elf_is_code(&c->ob->elf, f->sorted[i].key - c->bias))
			each(f, c, f->sorted[i].i, arg);
}

static bool is_equal(const struct find *f, const struct candidate *c, uint32_t i)
{
	const struct block *b = blocks_get(f->blocks, i);

	return match_is_equal(&c->ob->elf, b->start - c->bias, blocks_code(f->blocks, b), b->size, c->bias);
}

/* Whether block I, whose bytes are those of a section, tells more than that. */
static bool is_told(const struct find *f, const struct candidate *c, uint32_t i)
{
	const struct block *b = blocks_get(f->blocks, i);
	struct evidence ev = { .n_other = 0 };

	return evidence_add(&ev, f->places, c->ob, c->section, c->bias, b->start, blocks_code(f->blocks, b), b->size);
}

static void count_equal(const struct find *f, const struct candidate *c, uint32_t i, void *arg)
{
	const struct block *b = blocks_get(f->blocks, i);
	struct fit *fit = arg;

	if (!is_equal(f, c, i) ||
	    (c->section && !evidence_add(&fit->ev, f->places, c->ob, c->section, c->bias, b->start,
					 blocks_code(f->blocks, b), b->size)))
		return;
	fit->equal++;
	fit->first = i < fit->first ? i : fit->first;
	fit->last = i > fit->last ? i : fit->last;
}

static void count_all(const struct find *f, const struct candidate *c, uint32_t i, void *arg)
{
	struct fit *fit = arg;

	/* In a section what is equal, but tells nothing, is not counted at all. */
	if (i >= fit->first && i <= fit->last && !(c->section && is_equal(f, c, i) && !is_told(f, c, i)))
		fit->all++;
}

static struct fit fit_of(const struct find *f, const struct candidate *c)
{
	struct fit fit = { .first = UINT32_MAX };

	each_in_range(f, c, count_equal, &fit);
	each_in_range(f, c, count_all, &fit);
	evidence_sum(&fit.ev);
	return fit;
}

/* Blocks that vote for C and are nowhere else; for a section their bytes are to be the same all along. */
static size_t live_votes(const struct find *f, const struct candidate *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_votes; i++)
		n += is_pending(f, c->vote[i]) && (!c->section || is_equal(f, c, c->vote[i]));
	return n;
}

static bool is_aligned(const struct candidate *c)
{
	return !(c->bias % (c->section && c->section->align ? c->section->align : PAGE));
}

/* Of a section, which is small, what refers to other places must agree; or many bytes, where nothing does. */
static bool is_proven(const struct evidence *ev)
{
	return ev->good ? 4 * ev->bad <= ev->good && (ev->good > 1 || ev->bytes >= MIN_BYTES)
			: !ev->bad && ev->bytes >= MANY_BYTES;
}

static bool explains(const struct candidate *c, size_t votes, const struct fit *fit)
{
	if (c->section)
		return votes && 2 * fit->equal >= fit->all && is_proven(&fit->ev);
	return (votes >= 3 && 2 * fit->equal >= fit->all) || (votes >= 2 && 10 * fit->equal >= 9 * fit->all);
}

static void place_again(const struct find *f, const struct candidate *c, uint32_t i, void *arg)
{
	(void)c;
	(void)arg;
	place_block(f->places, f->blocks, i);
}

static void put(struct find *f, const struct candidate *c)
{
	const struct section *s = c->section;

	if (s)
		places_put(f->places, c->ob, PLACE_FOUND, (struct guest){ s->addr + c->bias }, s->addr, s->size);
	else
		places_put_all(f->places, c->ob, PLACE_FOUND, c->bias);
	each_in_range(f, c, place_again, NULL);
}

/* Whether it is a place already: what votes for it was patched since. */
static bool is_placed(const struct find *f, const struct candidate *c)
{
	size_t n;
	struct place *const *x = places_all(f->places, &n);
	uint64_t addr;

	for (size_t i = 0; i < n; i++)
		if (x[i]->of == c->ob && place_holds(x[i], (struct guest){ extent_of(c).lo + c->bias }, &addr) &&
		    addr == extent_of(c).lo)
			return true;
	return false;
}

/* Whether the object of C is in the guest already. */
static bool is_there(const struct find *f, const struct candidate *c)
{
	size_t n;
	struct place *const *x = places_all(f->places, &n);

	for (size_t i = 0; i < n; i++)
		if (x[i]->of == c->ob && x[i]->last)
			return true;
	return false;
}

/* How much better X explains what it does than Y: more blocks, then more of what refers to other places. */
static int compare(const struct find *f, const struct candidate *c, const struct fit *x, const struct candidate *d,
		   const struct fit *y)
{
	if (x->equal != y->equal)
		return x->equal > y->equal ? 1 : -1;
	if (x->ev.good - x->ev.bad != y->ev.good - y->ev.bad)
		return x->ev.good - x->ev.bad > y->ev.good - y->ev.bad ? 1 : -1;
	return (int)is_there(f, c) - (int)is_there(f, d);
}

static bool overlap(const struct candidate *a, const struct candidate *b)
{
	uint64_t x = extent_of(a).lo + a->bias, y = extent_of(b).lo + b->bias;

	return x - y < b->section->size || y - x < a->section->size;
}

static void set_ambiguous(const struct find *f, const struct candidate *c, uint32_t i, void *arg)
{
	(void)arg;
	if (is_equal(f, c, i))
		blocks_get(f->blocks, i)->ambiguous = true;
}

/*
 * Sections of several files may have the same code.  Whether C, which FIT says all of, explains its blocks better than
 * all others of V do; where another one does as well, its blocks are ambiguous.
 */
static bool is_best(struct find *f, const struct votes *v, const struct candidate *c, const struct fit *fit)
{
	bool twin = false;

	for (size_t i = 0; i < v->n; i++) {
		const struct candidate *d = &v->candidate[i];
		struct fit other;
		int cmp;

		if (d == c || !d->section || d->ob == c->ob || !overlap(c, d) || !is_aligned(d) || !live_votes(f, d))
			continue;
		other = fit_of(f, d);
		if (!explains(d, 1, &other))
			continue;
		cmp = compare(f, c, fit, d, &other);
		if (cmp < 0)
			return false;
		twin |= !cmp && !object_is_copy(c->ob, d->ob);
	}
	if (twin)
		each_in_range(f, c, set_ambiguous, NULL);
	return !twin;
}

static bool try(struct find *f, const struct votes *v, const struct candidate *c)
{
	size_t votes = is_aligned(c) ? live_votes(f, c) : 0;
	struct fit fit;

	if (votes < (c->section ? 1 : 2) || is_placed(f, c))
		return false;
	fit = fit_of(f, c);
	if (!explains(c, votes, &fit) || (c->section && !is_best(f, v, c, &fit)))
		return false;
	put(f, c);
	return true;
}

/* ---- all of them ---- */

/* Returns whether it placed anything; FEW as in votes.h. */
static bool vote(struct find *f, bool few, bool *sampled)
{
	struct votes v = votes_take(f->objects, f->blocks, f->pending, f->n, few);
	bool any = false;

	sort_pending(f);
	for (size_t i = 0; i < v.n; i++)
		any |= try(f, &v, &v.candidate[i]);
	*sampled = v.sampled;
	votes_free(&v);
	settle(f);
	return any;
}

/* All blocks by their starts; the caller's to free. */
static struct sort_item *all_sorted(const struct find *f, size_t n)
{
	struct sort_item *a = must_malloc((n + 1) * sizeof *a), *tmp = must_malloc((n + 1) * sizeof *tmp);

	for (size_t i = 0; i < n; i++)
		a[i] = (struct sort_item){ blocks_get(f->blocks, (uint32_t)i)->start, (uint32_t)i };
	sort_items(a, tmp, n);
	free(tmp);
	return a;
}

/* What is left between blocks of one object that patches itself is that too. */
static void patched(struct find *f)
{
	size_t n = blocks_n(f->blocks), k = 0;
	struct sort_item *a = all_sorted(f, n);
	struct place *below = NULL;

	for (size_t i = 0; i < n; i++) {
		struct block *b = blocks_get(f->blocks, a[i].i);
		struct place *above;
		uint64_t addr;

		if (b->at) {
			below = b->at;
			continue;
		}
		if (!below || b->ambiguous || !below->of->elf.patches_itself)
			continue;
		for (k = k > i ? k : i; k < n && !blocks_get(f->blocks, a[k].i)->at; k++)
			;
		above = k < n ? blocks_get(f->blocks, a[k].i)->at : NULL;
		if (above == below && place_holds(below, (struct guest){ b->start }, &addr))
			b->at = below;
	}
	free(a);
}

bool find_run(struct find *f, bool last)
{
	size_t before = f->n;
	bool sampled = true;

	while (f->n && sampled && vote(f, false, &sampled))
		;
	while (f->n && f->n < FEW && f->objects->any_rel && vote(f, true, &sampled))
		;
	if (last && f->n)
		patched(f);
	settle(f);
	f->due = 4 * f->n > FIRST_DUE ? 4 * f->n : FIRST_DUE;
	return f->n < before;
}
