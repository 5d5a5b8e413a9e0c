/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map, F and L records, with the counts that it came with and those that blocks add.
 */
#ifndef ETRACE_COV_TALLY_H
#define ETRACE_COV_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "blocks.h"
#include "out.h"
#include "ran.h"

struct tally;

/* OBJECTS as for blocks_new(). */
struct tally *tally_new(struct intern *objects);
void tally_free(struct tally *t);

/* Adds an F or an L record; one that is there already adds its counts.  False if it is malformed. */
bool tally_f(struct tally *t, const char *line, size_t len);
bool tally_l(struct tally *t, const char *line, size_t len);

bool tally_has_l(const struct tally *t);
bool tally_is_empty(const struct tally *t);

/* Whether the map has code of that object. */
bool tally_knows(const struct tally *t, uint32_t object);

/* With no L in the stream: makes them of the lines where blocks begin. */
void tally_lines_of_blocks(struct tally *t, const struct blocks *b);

/* An instruction, and the line that it is of; line 0: none. */
struct where {
	uint64_t addr;
	uint32_t in;			/* the object's number */
	uint32_t line;
	struct field file;
};

/* Fills in the lines of the N at W, which are sorted by object and address; valid as long as T. */
void tally_find_lines(const struct tally *t, struct where *w, size_t n);

/*
 * Writes F and L records, in the order that they came, counts of RAN added.
 * SEEN: a count is 1 or 0, for executed or not.  Once: T has those counts then.
 */
void tally_write(struct tally *t, const struct ran_all *ran, bool seen, struct out *o);

#endif
