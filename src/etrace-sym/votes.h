/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the bytes of blocks are found in the objects.  Each block votes for the places that it would be at if what
 * was found is it.
 */
#ifndef ETRACE_SYM_VOTES_H
#define ETRACE_SYM_VOTES_H

#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "code.h"
#include "object.h"

/* An object, or a section of one that was not linked, loaded BIAS higher than linked. */
struct candidate {
	struct object *ob;
	const struct section *section;	/* NULL: all of the object */
	uint64_t bias;
	const uint32_t *vote;		/* the blocks that vote for it, by number, each once */
	size_t n_votes;
};

struct votes {
	struct candidate *candidate;	/* the most votes first */
	size_t n;
	bool sampled;			/* not all of the blocks voted, being many */
	uint32_t *vote;
};

/* Lets the N blocks PENDING vote.  FEW: these are few, so that less of each will do, for sections of object files. */
struct votes votes_take(const struct objects *objects, const struct blocks *b, const uint32_t *pending, size_t n,
			bool few);
void votes_free(struct votes *v);

#endif
