/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks that E records say were executed: each once, with its counts added up.
 *
 * An address was executed as often as blocks that contain it were (etrace(7), COUNTING).
 */
#ifndef ETRACE_COV_BLOCKS_H
#define ETRACE_COV_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow.h"
#include "intern.h"
#include "stream.h"

struct block {
	uint64_t start, size;	/* bytes; the end may be 2^64, which is 0 */
	uint64_t count, ns;
	uint32_t in;		/* the object, or the token, by number */
	/* Texts, by blocks_text(), of what etrace-sym appended; NO_TEXT if it was "-" or nothing. */
	uint32_t func, line;
	bool malformed, bare;	/* bare: etrace-sym has not seen it */
};

enum { NO_TEXT = UINT32_MAX };

struct blocks;

/* OBJECTS has the numbers of what columns "in" say, for all of etrace-cov; it stays the caller's. */
struct blocks *blocks_new(struct intern *objects);
void blocks_free(struct blocks *b);

/* Adds an E record, and the step that it is to FLOW unless that is NULL.  False if it is malformed. */
bool blocks_add(struct blocks *b, const char *line, size_t len, struct flow *flow);

/*
 * The two halves of it: the number, in *ID, of the block that TEXT names ("in TAB start TAB size", as in
 * the record; false if that is malformed), which is new with the record LINE if it was not seen before;
 * and its executions added.
 */
bool blocks_find(struct blocks *b, struct field text, const char *line, size_t len, uint32_t *id);
void blocks_count(struct blocks *b, uint32_t id, uint64_t count, uint64_t ns);

/* Whether there was one whose count is "-": executed, but not known how often; counted as 1. */
bool blocks_seen_only(const struct blocks *b);

/* How many there are, and the one with number I. */
size_t blocks_n(const struct blocks *b);
const struct block *blocks_get(const struct blocks *b, size_t i);
const char *blocks_text(const struct blocks *b, uint32_t text, size_t *len);

/* After the last blocks_add(), before the first question: */
void blocks_index(struct blocks *b);

/* Where the blocks of one object are; NULL: none is.  Ask for it once for many questions. */
struct ran *blocks_in(const struct blocks *b, uint32_t object);

/* How often the byte at ADDR, as linked, was executed. */
uint64_t ran_count(struct ran *r, uint64_t addr);

/*
 * The time spent in SIZE bytes from ADDR on: a block's time is spread evenly over its bytes.  A sum over
 * touching ranges is right to one ns a range.
 */
uint64_t ran_ns(struct ran *r, uint64_t addr, uint64_t size);

#endif
