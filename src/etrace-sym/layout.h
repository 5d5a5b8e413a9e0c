/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a loader lays out an object file: one section after the other, each aligned, in memory that it takes by pages;
 * what runs once, when it is loaded, apart.  (Linux, kernel/module: layout_sections.)
 */
#ifndef ETRACE_SYM_LAYOUT_H
#define ETRACE_SYM_LAYOUT_H

#include <string.h>

#include "place.h"
#include "votes.h"

/* Whether S is not among the others: it goes when it has run. */
static inline bool layout_is_apart(const struct section *s)
{
	return !strncmp(s->name, ".init", 5);
}

/* Where S begins, after a section that ends at END. */
static inline uint64_t layout_after(uint64_t end, const struct section *s)
{
	return (end + s->align - 1) / s->align * s->align;
}

/*
 * Guesses where small sections are of object files that are in the guest: most of their bytes may be relocated, so that
 * no block votes for them.  Candidates without votes: after the sections before them, and what is apart on the pages
 * where blocks PENDING, N of them, are.
 */
struct votes layout_guess(const struct objects *objects, const struct places *p, const struct blocks *b,
			  const uint32_t *pending, size_t n);

#endif
