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
		uint64_t blocks, other;		/* that ran there; of these, with other bytes */
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

/* Whether block I is in X's range with other bytes than X's, and is nothing else's. */
static bool is_other(const struct place *x, const struct blocks *b, uint32_t i)
{
	const struct place *at = blocks_get(b, i)->at;
	enum match m = !at || (at == x && x->origin == PLACE_SAID) ? place_compare(x, b, i) : MATCH_UNKNOWN;

	return m == MATCH_OTHER || m == MATCH_SIMILAR;
}

void mismatch_trace(struct mismatch *m, const struct places *p, const struct blocks *b)
{
	size_t n;
	struct place *const *x = places_all(p, &n);

	for (uint32_t i = 0; i < blocks_n(b); i++)
		if (blocks_get(b, i)->at)
			m->of[blocks_get(b, i)->at->of - m->objects->of].blocks++;
	for (size_t k = 0; k < n; k++) {
		struct compared *c = &m->of[x[k]->of - m->objects->of];

		/* Where code was found something else may be at another time. */
		for (uint32_t i = 0; x[k]->origin != PLACE_FOUND && i < blocks_n(b); i++)
			if (is_other(x[k], b, i)) {
				c->blocks += !blocks_get(b, i)->at;
				c->other++;
			}
	}
}

bool mismatch_check(const struct mismatch *m)
{
	bool ok = true;

	for (size_t i = 0; i < m->objects->n; i++) {
		const struct compared *c = &m->of[i];
		const char *path = m->objects->of[i].elf.path;

		if (c->other < MIN_OTHER || c->other <= c->blocks / MAX_SHARE || m->objects->of[i].blamed)
			continue;
		m->objects->of[i].blamed = true;
		ok &= c->other <= c->blocks / 2;
		warn("%s: %llu blocks ran at its addresses, %llu have other bytes: it is not the build that ran, or not "
		     "all that did; give the ELF files of what ran", path, (unsigned long long)c->blocks,
		     (unsigned long long)c->other);
	}
	return ok;
}
