/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guesses where sections are.
 * in:  drv.ko, whose .text is at 7c000 to 7c1a4; a block at 7f010
 * out: .exit.text may be at 7c1a8, .init.text at 7f000
 */
#include "layout.h"

#include <stdlib.h>

#include "die.h"
#include "sort.h"

enum { PAGE = 4096, FAR = 1 << 30 };	/* FAR: from each other, sections of one file are nearer */

struct guesses {
	struct votes v;
	size_t cap;
	uint64_t *page;		/* where pending blocks are, each once */
	size_t n_page;
};

static void add(struct guesses *g, struct object *ob, const struct section *s, uint64_t at)
{
	GROW(g->v.candidate, g->v.n, g->cap);
	g->v.candidate[g->v.n++] = (struct candidate){ .ob = ob, .section = s, .bias = at - s->addr };
}

static void find_pages(struct guesses *g, const struct blocks *b, const uint32_t *pending, size_t n)
{
	struct sort_item *a = blocks_by_start(b, pending, n);

	g->page = must_malloc((n + 1) * sizeof *g->page);
	for (size_t i = 0; i < n; i++) {
		uint64_t page = a[i].key & -(uint64_t)PAGE;

		if (!g->n_page || page != g->page[g->n_page - 1])
			g->page[g->n_page++] = page;
	}
	free(a);
}

/* Where S of OB is, or NULL. */
static const struct place *place_of(const struct places *p, const struct object *ob, const struct section *s)
{
	size_t n;
	struct place *const *x = places_all(p, &n);

	for (size_t i = 0; i < n; i++)
		if (x[i]->of == ob && x[i]->linked == s->addr)
			return x[i];
	return NULL;
}

static void guess(struct guesses *g, const struct places *p, struct object *ob)
{
	size_t n, n_placed = 0;
	const struct section *s = code_sections(&ob->elf, &n);
	uint64_t end = 0;	/* where the section before ends; 0 if that is not known */
	uint64_t near = 0;	/* where one is */

	for (size_t i = 0; i < n; i++) {
		const struct place *x = place_of(p, ob, &s[i]);

		n_placed += x != NULL;
		near = x ? x->lo : near;
	}
	if (!n_placed || n_placed == n)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct place *x = place_of(p, ob, &s[i]);
		bool apart = layout_is_apart(&s[i]);

		if (x && !apart)
			end = x->lo + x->size;
		if (x)
			continue;
		if (end && !apart) {
			end = layout_after(end, &s[i]);
			add(g, ob, &s[i], end);
			end += s[i].size;
		}
		for (size_t k = 0; apart && k < g->n_page; k++)
			if (g->page[k] - near + FAR < 2 * (uint64_t)FAR)
				add(g, ob, &s[i], g->page[k]);
	}
}

struct votes layout_guess(const struct objects *objects, const struct places *p, const struct blocks *b,
			  const uint32_t *pending, size_t n)
{
	struct guesses g = { .n_page = 0 };

	find_pages(&g, b, pending, n);
	for (size_t i = 0; i < objects->n; i++)
		if (objects_get(objects, i)->elf.is_rel)
			guess(&g, p, objects_get(objects, i));
	free(g.page);
	return g.v;
}
