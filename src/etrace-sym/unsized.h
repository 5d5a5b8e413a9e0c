/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traces that say where blocks begin, and not where they end (fact "sizes"): gives E and J records
 * sizes, and E records ns.
 */
#ifndef ETRACE_UNSIZED_H
#define ETRACE_UNSIZED_H

#include <stdbool.h>
#include <stddef.h>

#include "fact.h"
#include "object.h"
#include "place.h"

struct unsized;

/* OBJECTS and PLACES stay the caller's. */
struct unsized *unsized_new(const struct objects *objects, struct places *places);
void unsized_free(struct unsized *u);

/* Notes a fact; true if it is about sizes, which are as usual right of this program. */
bool unsized_fact(struct unsized *u, struct fact f);

/* Whether E records of the trace under way are to be completed. */
bool unsized_any(const struct unsized *u);

/*
 * Completes the E record *LINE of *LEN bytes, without its newline, if that is to be: *LINE is then U's, up to the next
 * call.  A block in no object gets the size "-".
 */
void unsized_complete(struct unsized *u, const char **line, size_t *len);

/*
 * The same for a block of a J record by its text, "in TAB start TAB size"; TO: for the second one.  What it returns is
 * U's, up to the next call, or BLOCK.
 */
struct field unsized_block(struct unsized *u, struct field block, bool to);

/* False if blocks of an object have no size because its machine is not known, which was said. */
bool unsized_check(const struct unsized *u);

#endif
