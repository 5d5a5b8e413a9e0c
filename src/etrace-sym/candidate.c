/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds a candidate against all blocks in its range.
 * in:  drv.ko's .text, 7c000 higher; blocks at 7c010 and 7c018
 * out: both have its bytes, and a call in one of them reaches printk: it is right
 */
#include "candidate.h"

#include "search.h"

enum {
	PAGE = 4096,
	MIN_BYTES = 16, MANY_BYTES = 96, MANY_GOOD = 4,
};

bool scene_is_pending(const struct scene *s, uint32_t i)
{
	const struct block *b = blocks_get(s->blocks, i);

	return !b->at && !b->ambiguous;
}

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
static void each_in_range(const struct scene *s, const struct candidate *c,
			  void (*each)(const struct scene *s, const struct candidate *c, uint32_t i, void *arg), void *arg)
{
	struct extent x = extent_of(c);
	uint64_t lo = x.lo + c->bias;
	size_t i;

	SEARCH(i, s->n_sorted, s->sorted[i].key < lo);
	for (; i < s->n_sorted && s->sorted[i].key - lo < x.hi - x.lo; i++)
		if (scene_is_pending(s, s->sorted[i].i) && elf_is_code(&c->ob->elf, s->sorted[i].key - c->bias))
			each(s, c, s->sorted[i].i, arg);
}

static bool is_equal(const struct scene *s, const struct candidate *c, uint32_t i)
{
	const struct block *b = blocks_get(s->blocks, i);

	return match_is_equal(&c->ob->elf, b->start - c->bias, blocks_code(s->blocks, b), b->size, c->bias);
}

/* Whether block I, whose bytes are those of a section, tells more than that. */
static bool is_told(const struct scene *s, const struct candidate *c, uint32_t i)
{
	const struct block *b = blocks_get(s->blocks, i);
	struct evidence ev = { .n_other = 0 };

	return evidence_add(&ev, s->places, c->ob, c->section, c->bias, b->start, blocks_code(s->blocks, b), b->size);
}

static void count_equal(const struct scene *s, const struct candidate *c, uint32_t i, void *arg)
{
	const struct block *b = blocks_get(s->blocks, i);
	struct fit *fit = arg;

	if (!is_equal(s, c, i) ||
	    (c->section && !evidence_add(&fit->ev, s->places, c->ob, c->section, c->bias, b->start,
					 blocks_code(s->blocks, b), b->size)))
		return;
	fit->equal++;
	fit->first = i < fit->first ? i : fit->first;
	fit->last = i > fit->last ? i : fit->last;
}

static void count_all(const struct scene *s, const struct candidate *c, uint32_t i, void *arg)
{
	struct fit *fit = arg;

	/* In a section what is equal, but tells nothing, is not counted at all. */
	if (i >= fit->first && i <= fit->last && !(c->section && is_equal(s, c, i) && !is_told(s, c, i)))
		fit->all++;
}

static struct fit fit_of(const struct scene *s, const struct candidate *c)
{
	struct fit fit = { .first = UINT32_MAX };

	each_in_range(s, c, count_equal, &fit);
	each_in_range(s, c, count_all, &fit);
	evidence_sum(&fit.ev);
	return fit;
}

/* Blocks that vote for C and are nowhere else; for a section their bytes are to be the same all along. */
static size_t live_votes(const struct scene *s, const struct candidate *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_votes; i++)
		n += scene_is_pending(s, c->vote[i]) && (!c->section || is_equal(s, c, c->vote[i]));
	return n;
}

static bool is_aligned(const struct candidate *c)
{
	return !(c->bias % (c->section && c->section->align ? c->section->align : PAGE));
}

/* How many votes C has; what is guessed needs none. */
static size_t votes_for(const struct scene *s, const struct candidate *c)
{
	return !is_aligned(c) ? 0 : c->vote ? live_votes(s, c) : 1;
}

/* Whether the object of C is in the guest already; or its section, if SAME. */
static bool is_in_guest(const struct scene *s, const struct candidate *c, bool same)
{
	size_t n;
	struct place *const *x = places_all(s->places, &n);

	for (size_t i = 0; i < n; i++)
		if (x[i]->of == c->ob && x[i]->last && (!same || x[i]->linked == extent_of(c).lo))
			return true;
	return false;
}

/*
 * Of a section, which is small, what refers to other places must agree; or many bytes, where nothing does.  One that
 * was guessed, or comes a second time, loaded again, must agree the more.
 */
static bool is_proven(const struct scene *s, const struct candidate *c, const struct evidence *ev)
{
	if (!c->vote || is_in_guest(s, c, true))
		return ev->good >= MANY_GOOD && 4 * ev->bad <= ev->good;
	return ev->good ? 4 * ev->bad <= ev->good && (ev->good > 1 || ev->bytes >= MIN_BYTES)
			: !ev->bad && ev->bytes >= MANY_BYTES;
}

static bool explains(const struct scene *s, const struct candidate *c, size_t votes, const struct fit *fit)
{
	if (c->section)
		return votes && 2 * fit->equal >= fit->all && is_proven(s, c, &fit->ev);
	return (votes >= 3 && 2 * fit->equal >= fit->all) || (votes >= 2 && 10 * fit->equal >= 9 * fit->all);
}

/* Whether it is a place already: what votes for it was patched since. */
static bool is_placed(const struct scene *s, const struct candidate *c)
{
	size_t n;
	struct place *const *x = places_all(s->places, &n);
	uint64_t addr;

	for (size_t i = 0; i < n; i++)
		if (x[i]->of == c->ob && place_holds(x[i], (struct guest){ extent_of(c).lo + c->bias }, &addr) &&
		    addr == extent_of(c).lo)
			return true;
	return false;
}

bool candidate_explains(const struct scene *s, const struct candidate *c, struct fit *fit)
{
	size_t votes = votes_for(s, c);

	if (votes < (c->section ? 1 : 2) || is_placed(s, c))
		return false;
	*fit = fit_of(s, c);
	return explains(s, c, votes, fit);
}

/* How much better X explains what it does than Y: more blocks, then more of what refers to other places. */
static int compare(const struct scene *s, const struct candidate *c, const struct fit *x, const struct candidate *d,
		   const struct fit *y)
{
	if (x->equal != y->equal)
		return x->equal > y->equal ? 1 : -1;
	if (x->ev.good + y->ev.bad != y->ev.good + x->ev.bad)
		return x->ev.good + y->ev.bad > y->ev.good + x->ev.bad ? 1 : -1;
	return (int)is_in_guest(s, c, false) - (int)is_in_guest(s, d, false);
}

static bool overlap(const struct candidate *a, const struct candidate *b)
{
	uint64_t x = extent_of(a).lo + a->bias, y = extent_of(b).lo + b->bias;

	return x - y < b->section->size || y - x < a->section->size;
}

static void set_ambiguous(const struct scene *s, const struct candidate *c, uint32_t i, void *arg)
{
	(void)arg;
	if (is_equal(s, c, i)) {
		blocks_get(s->blocks, i)->ambiguous = true;
		s->twins->blocks++;
	}
}

static void note_twins(const struct scene *s, const struct candidate *c, const struct object *twin)
{
	if (!s->twins->one)
		*s->twins = (struct twins){ 0, c->ob, twin };
	each_in_range(s, c, set_ambiguous, NULL);
}

bool candidate_is_best(const struct scene *s, const struct votes *v, const struct candidate *c, const struct fit *fit)
{
	const struct object *twin = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct candidate *d = &v->candidate[i];
		struct fit other;
		int cmp;

		if (d == c || !d->section || d->ob == c->ob || !overlap(c, d) || !votes_for(s, d))
			continue;
		other = fit_of(s, d);
		if (!explains(s, d, 1, &other))
			continue;
		cmp = compare(s, c, fit, d, &other);
		if (cmp < 0)
			return false;
		if (!cmp && !object_is_copy(c->ob, d->ob))
			twin = d->ob;
	}
	if (twin)
		note_twins(s, c, twin);
	return !twin;
}

static void place_pending(const struct scene *s, const struct candidate *c, uint32_t i, void *arg)
{
	(void)c;
	(void)arg;
	place_block(s->places, s->blocks, i);
}

void candidate_place(const struct scene *s, const struct candidate *c)
{
	const struct section *x = c->section;

	if (x)
		places_put(s->places, c->ob, PLACE_FOUND, (struct guest){ x->addr + c->bias }, x->addr, x->size);
	else
		places_put_all(s->places, c->ob, PLACE_FOUND, c->bias);
	each_in_range(s, c, place_pending, NULL);
	place_again(s->places, s->blocks, c->ob);
}
