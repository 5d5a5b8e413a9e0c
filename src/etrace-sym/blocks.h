/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks of a trace whose bytes are known: its T records, each block once, numbered in the order in which they
 * came.
 */
#ifndef ETRACE_SYM_BLOCKS_H
#define ETRACE_SYM_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"
#include "sort.h"
#include "tb.h"

enum { NO_BLOCK = UINT32_MAX };

struct place;

struct block {
	uint64_t start;		/* the guest's */
	uint32_t size, token;
	size_t code;		/* where its bytes are: blocks_code() */
	struct place *at;	/* where it is; NULL: that is not known, or not yet */
	bool ambiguous;		/* several objects have the same code: it is in none */
};

struct blocks;

struct blocks *blocks_new(void);
void blocks_free(struct blocks *b);

/* Forgets all: a trace begins. */
void blocks_clear(struct blocks *b);

/* The number of the block TB, which has bytes; *FRESH says whether it is new. */
uint32_t blocks_add(struct blocks *b, const struct tb *tb, bool *fresh);

/*
 * The block that an E record is of, by its column "in" and its start: where "in" is "-" the last one with that
 * start.  NO_BLOCK if its bytes are not known.
 */
uint32_t blocks_find(const struct blocks *b, struct field in, uint64_t start);

/* How many there are; number I, and its bytes.  Valid until the next one is added. */
uint32_t blocks_n(const struct blocks *b);
struct block *blocks_get(const struct blocks *b, uint32_t i);
const uint8_t *blocks_code(const struct blocks *b, const struct block *x);

/* The starts and numbers of N blocks, those in WHICH or the first ones (NULL), by start; the caller's to free. */
struct sort_item *blocks_by_start(const struct blocks *b, const uint32_t *which, size_t n);

#endif
