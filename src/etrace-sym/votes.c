/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sorts what the windows of blocks found into candidates.
 * in:  bytes of the blocks 7, 8 and 12, which vmlinux has 9ed60e00000 lower
 * out: the candidate vmlinux, 9ed60e00000 higher, with 3 votes
 */
#include "votes.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "windows.h"

/* What a candidate is of. */
struct from {
	struct object *ob;
	const struct section *section, *all;	/* ALL: where it was found */
};

struct ballot {
	uint64_t bias;
	uint32_t from, block;
};

struct box {
	struct from *from;
	size_t n_from, cap_from;
	struct ballot *ballot;
	size_t n, cap;
};

/* How far apart instructions of a machine are at least. */
static unsigned step_of(const struct elf *e)
{
	switch (e->machine) {
	case EM_AARCH64:
	case EM_PPC:
	case EM_PPC64:
	case EM_MIPS:
	case EM_SPARC:
	case EM_SPARCV9:
	case EM_ALPHA:
		return 4;
	case EM_ARM:
	case EM_RISCV:
	case EM_S390:
	case EM_SH:
	case EM_68K:
		return 2;
	default:
		return 1;
	}
}

static void found(void *arg, uint32_t block, uint64_t at, uint32_t from, uint64_t addr)
{
	struct box *b = arg;

	GROW(b->ballot, b->n, b->cap);
	b->ballot[b->n++] = (struct ballot){ at - addr, from, block };
}

/* All sections of a linked object are one thing to vote for, which the first of them stands for. */
static void scan(struct box *b, struct windows *w, struct object *ob)
{
	size_t n;
	const struct section *s = code_sections(&ob->elf, &n);
	uint32_t first = (uint32_t)b->n_from;

	for (size_t i = 0; i < n; i++) {
		GROW(b->from, b->n_from, b->cap_from);
		b->from[b->n_from++] = (struct from){ ob, ob->elf.is_rel ? &s[i] : NULL, s };
		windows_scan(w, &s[i], ob->elf.is_rel ? first + (uint32_t)i : first);
	}
}

static int by_candidate(const void *a, const void *b)
{
	const struct ballot *x = a, *y = b;

	if (x->from != y->from)
		return (x->from > y->from) - (x->from < y->from);
	if (x->bias != y->bias)
		return (x->bias > y->bias) - (x->bias < y->bias);
	return (x->block > y->block) - (x->block < y->block);
}

static int by_votes(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return (x->n_votes < y->n_votes) - (x->n_votes > y->n_votes);
}

static void count(struct votes *v, const struct box *b)
{
	size_t cap = 0, n_vote = 0;

	v->vote = must_malloc(b->n * sizeof *v->vote);
	for (size_t i = 0, to; i < b->n; i = to) {
		const struct ballot *x = &b->ballot[i];
		const struct from *f = &b->from[x->from];
		struct candidate *c;

		GROW(v->candidate, v->n, cap);
		c = &v->candidate[v->n++];
		*c = (struct candidate){ f->ob, f->section, x->bias, v->vote + n_vote, 0 };
		for (to = i; to < b->n && b->ballot[to].from == x->from && b->ballot[to].bias == x->bias; to++)
			if (to == i || b->ballot[to].block != b->ballot[to - 1].block)
				v->vote[n_vote++] = b->ballot[to].block;
		c->n_votes = (size_t)(v->vote + n_vote - c->vote);
	}
	if (v->n)
		qsort(v->candidate, v->n, sizeof *v->candidate, by_votes);
}

struct votes votes_take(const struct objects *objects, const struct blocks *b, const uint32_t *pending, size_t n,
			bool few)
{
	struct votes v = { .n = 0 };
	struct box box = { .n = 0 };
	struct windows *w;

	if (!objects->n || !n)
		return v;
	w = windows_new(b, pending, n, step_of(&objects_get(objects, 0)->elf), few, &v.sampled);
	for (size_t i = 0; i < objects->n; i++)
		if (!few || objects_get(objects, i)->elf.is_rel)
			scan(&box, w, objects_get(objects, i));
	windows_found(w, found, &box);
	windows_free(w);
	if (box.n)
		qsort(box.ballot, box.n, sizeof *box.ballot, by_candidate);
	count(&v, &box);
	free(box.from);
	free(box.ballot);
	return v;
}

void votes_free(struct votes *v)
{
	free(v->candidate);
	free(v->vote);
}
