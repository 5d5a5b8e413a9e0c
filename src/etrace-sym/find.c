/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the candidates that most blocks vote for, checks each against all blocks in its range, and places it if it
 * explains them.  The blocks that it explains vote for nothing else.
 * in:  blocks at ffffa6ddc2e10000 and on, vmlinux
 * out: a place of vmlinux, 26ddbae00000 higher than linked
 */
#include "find.h"

#include <stdlib.h>

#include "candidate.h"
#include "die.h"
#include "layout.h"
#include "patched.h"

enum {
	FIRST_DUE = 16,
	FEW = 1 << 14,			/* blocks, for short windows */
};

struct find {
	const struct objects *objects;
	struct scene scene;		/* what is pending, when a search began */
	struct twins twins;		/* of all traces */
	uint32_t *pending;		/* blocks that are nowhere, in the order in which they came */
	size_t n, cap, due;
};

struct find *find_new(const struct objects *objects, struct places *places, struct blocks *blocks)
{
	struct find *f = must_calloc(1, sizeof *f);

	f->objects = objects;
	f->scene = (struct scene){ .places = places, .blocks = blocks, .twins = &f->twins };
	f->due = FIRST_DUE;
	return f;
}

void find_free(struct find *f)
{
	free(f->pending);
	free(f->scene.sorted);
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

/* Leaves out what is placed by now. */
static void settle(struct find *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (scene_is_pending(&f->scene, f->pending[i]))
			f->pending[n++] = f->pending[i];
	f->n = n;
}

static void sort_pending(struct find *f)
{
	free(f->scene.sorted);
	f->scene.sorted = blocks_by_start(f->scene.blocks, f->pending, f->n);
	f->scene.n_sorted = f->n;
}

static bool try(struct find *f, const struct votes *v, const struct candidate *c)
{
	struct fit fit;

	if (!candidate_explains(&f->scene, c, &fit) || (c->section && !candidate_is_best(&f->scene, v, c, &fit)))
		return false;
	candidate_place(&f->scene, c);
	return true;
}

/* Tries the candidates of V, which it frees.  Returns whether it placed anything. */
static bool try_all(struct find *f, struct votes *v)
{
	bool any = false;

	sort_pending(f);
	for (size_t i = 0; i < v->n; i++)
		any |= try(f, v, &v->candidate[i]);
	votes_free(v);
	settle(f);
	return any;
}

/* FEW as in votes.h. */
static bool vote(struct find *f, bool few, bool *sampled)
{
	struct votes v = votes_take(f->objects, f->scene.blocks, f->pending, f->n, few);

	*sampled = v.sampled;
	return try_all(f, &v);
}

static bool guess(struct find *f)
{
	struct votes v = layout_guess(f->objects, f->scene.places, f->scene.blocks, f->pending, f->n);

	return try_all(f, &v);
}

bool find_run(struct find *f, bool last)
{
	size_t before = f->n;
	bool sampled = true;

	while (f->n && sampled && vote(f, false, &sampled))
		;
	while (f->n && f->n < FEW && f->objects->any_rel && (vote(f, true, &sampled) || guess(f)))
		;
	if (last)
		patched_place(f->scene.blocks);
	settle(f);
	f->due = 4 * f->n > FIRST_DUE ? 4 * f->n : FIRST_DUE;
	return f->n < before;
}

void find_check(const struct find *f)
{
	const struct twins *t = &f->twins;

	if (t->blocks)
		warn("%zu blocks are ambiguous, and in no ELF file: several have the same code there, such as %s and %s; "
		     "say where these were loaded, with -a", t->blocks, t->one->elf.path, t->other->elf.path);
}
