/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a candidate is right: whether it explains the blocks that are in its range.
 */
#ifndef ETRACE_SYM_CANDIDATE_H
#define ETRACE_SYM_CANDIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence.h"
#include "place.h"
#include "sort.h"
#include "votes.h"

/* Blocks that are in none of several objects which have the same code: how many, and the first two objects. */
struct twins {
	size_t blocks;
	const struct object *one, *other;
};

/* Where the blocks are that are nowhere: SORTED has their starts and numbers, by start. */
struct scene {
	struct places *places;
	struct blocks *blocks;
	struct sort_item *sorted;
	size_t n_sorted;
	struct twins *twins;
};

/* Whether block I is nowhere still. */
bool scene_is_pending(const struct scene *s, uint32_t i);

/* What the candidate's code is to these blocks in its range. */
struct fit {
	size_t equal, all;	/* ALL: also what has other bytes, between the first and the last that is equal */
	uint32_t first, last;	/* of the equal ones */
	struct evidence ev;	/* of these, where the candidate is a section */
};

/* Whether C explains its blocks, with *FIT, and is not placed already. */
bool candidate_explains(const struct scene *s, const struct candidate *c, struct fit *fit);

/*
 * Sections of several files may have the same code.  Whether C, a section which FIT says all of, explains its blocks
 * better than all others of V do; where another one does as well, its blocks are ambiguous from now on.
 */
bool candidate_is_best(const struct scene *s, const struct votes *v, const struct candidate *c, const struct fit *fit);

/* Places C, and the blocks that are in it. */
void candidate_place(const struct scene *s, const struct candidate *c);

#endif
