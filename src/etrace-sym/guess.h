/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where small sections may be of object files that are in the guest: most of their bytes may be relocated, so that no
 * block votes for them.
 */
#ifndef ETRACE_SYM_GUESS_H
#define ETRACE_SYM_GUESS_H

#include "place.h"
#include "votes.h"

/* Candidates without votes: after the sections before them, and on the pages where blocks PENDING, N of them, are. */
struct votes guess_take(const struct objects *objects, const struct places *p, const struct blocks *b,
			const uint32_t *pending, size_t n);

#endif
