/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks that E records say were executed: each once, with its counts added up.
 *
 * An address was executed as often as blocks that contain it were (etrace(7), COUNTING).
 */
#ifndef ETRACE_BLOCKS_H
#define ETRACE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow.h"
#include "stream.h"

struct block {
	uint64_t start, size;	/* guest address, bytes; the end may be 2^64, which is 0 */
	uint64_t count, ns;
	/* Texts, by blocks_text(), of what etrace-sym appended; NO_TEXT if it was "-" or nothing. */
	uint32_t func, place;
	bool malformed, bare;	/* bare: etrace-sym has not seen it */
};

enum { NO_TEXT = UINT32_MAX };

struct blocks;

struct blocks *blocks_new(void);
void blocks_free(struct blocks *b);

/* Adds an E record, and the step that it is to FLOW unless that is NULL.  False if it is malformed. */
bool blocks_add(struct blocks *b, const char *line, size_t len, struct flow *flow);

/*
 * The two halves of it: the number, in *ID, of the block that TEXT names ("start TAB size", as in the
 * record; false if that is malformed), which is new with the record LINE if it was not seen before;
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

/* How often the byte at ADDR was executed. */
uint64_t blocks_count_at(struct blocks *b, uint64_t addr);

/*
 * The time spent in SIZE bytes from ADDR on: a block's time is spread evenly over its bytes.  A sum over
 * touching ranges is right to one ns a range.
 */
uint64_t blocks_ns_in(struct blocks *b, uint64_t addr, uint64_t size);

#endif
