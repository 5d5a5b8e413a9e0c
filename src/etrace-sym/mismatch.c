/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts blocks by whether they have the bytes of the object at whose addresses they ran.
 * in:  blocks at 401000 and 401010; prog, which has code there, but other bytes at 401010
 * out: 2 blocks ran at prog's addresses, 1 has other bytes
 */
#include "mismatch.h"

#include <stdlib.h>

#include "die.h"

enum { MIN_OTHER = 4, MAX_SHARE = 4 };

struct mismatch {
	const struct objects *objects;
	struct compared {
		uint64_t equal, other;		/* blocks */
	} *of;					/* by object */
};

struct mismatch *mismatch_new(const struct objects *objects)
{
	struct mismatch *m = must_calloc(1, sizeof *m);

	m->objects = objects;
	m->of = must_calloc(objects->max, sizeof *m->of);
	return m;
}

void mismatch_free(struct mismatch *m)
{
	free(m->of);
	free(m);
}

/* Block I is in X's range: it is X's, or nothing's. */
static void compare(struct compared *c, const struct place *x, const struct blocks *b, uint32_t i)
{
	const struct place *at = blocks_get(b, i)->at;
	enum match m = !at || at == x ? place_compare(x, b, i) : MATCH_UNKNOWN;

	c->equal += m == MATCH_EQUAL;
	/* Where code was found something else may be at another time. */
	c->other += (m == MATCH_OTHER || m == MATCH_SIMILAR) && x->origin != PLACE_FOUND &&
		    (!at || x->origin == PLACE_SAID);
}

void mismatch_trace(struct mismatch *m, const struct places *p, const struct blocks *b)
{
	size_t n;
	struct place *const *x = places_all(p, &n);

	for (size_t k = 0; k < n; k++)
		for (uint32_t i = 0; i < blocks_n(b); i++)
			compare(&m->of[x[k]->of - m->objects->of], x[k], b, i);
}

bool mismatch_check(const struct mismatch *m)
{
	bool ok = true;

	for (size_t i = 0; i < m->objects->n; i++) {
		const struct compared *c = &m->of[i];
		const char *path = m->objects->of[i].elf.path;

		if (c->other < MIN_OTHER || c->other <= (c->equal + c->other) / MAX_SHARE || m->objects->of[i].blamed)
			continue;
		m->objects->of[i].blamed = true;
		ok &= c->other <= c->equal;
		warn("%s: %llu blocks ran at its addresses, %llu have other bytes: it is not the build that ran, or not "
		     "all that did; give the ELF files of what ran", path, (unsigned long long)(c->equal + c->other),
		     (unsigned long long)c->other);
	}
	return ok;
}
