/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks that BLOCK packets gave numbers to, for RUN and COUNT packets, and where RUN packets have got to.
 */
#ifndef ETRACE_BLOCKS_H
#define ETRACE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "out.h"
#include "record.h"
#include "run.h"

struct block {
	uint64_t start;
	uint32_t size, insns;	/* size 0: an exception came first */
	uint32_t token;		/* of its bytes (token.h), all of them if it is cut; 0 if they are not known */
	uint16_t unit;		/* of its packet */
};

/* "in TAB start TAB size TAB 1 TAB ns newline" of a block that ran once. */
struct block_text {
	char s[62];		/* EMIT_BLOCK_MAX, 1 and 10 digits with their TABs, newline */
	uint8_t key_len, len;	/* of "in TAB start TAB size", and of all */
};

/* A G record, and the node that the first block after it has. */
struct block_map {
	struct record_g g;	/* its texts are owned */
	uint32_t before;
};

struct blocks {
	/* by node (run.h), from 0 on; the first one is where each CPU begins */
	struct run_node *node;
	struct block *block;
	struct block_text *text;
	uint32_t n, cap;	/* nodes, and the room for them */

	/* with -c the bytes of the blocks from node TOLD on, whose T records are still to be written, with G between */
	uint8_t *code;
	size_t code_len, code_cap;
	uint32_t told;
	struct block_map *map;
	uint32_t n_map;

	struct intern *parts;	/* of blocks that were cut: node and bytes; NULL for none */

	struct blocks_last {
		uint32_t node;	/* that each unit ran last, or 0, ... */
		uint32_t part;	/* ... and the number of the part, and 1, if it was cut; only with steps */
	} *last;
	uint32_t n_last;
	bool lost;		/* a RUN packet could not be decoded, and so none after it */

	/* of the RUN packet under way */
	uint64_t time;		/* virtual ns, of the next block */
	uint32_t left;		/* blocks to come */
};

struct blocks *blocks_new(void);
void blocks_free(struct blocks *b);

/* Adds a block; its number is the next one.  SEEN: a count is "-". */
void blocks_add(struct blocks *b, struct block block, bool seen);

/* Writes the T record of a block with these bytes. */
void blocks_tell(struct out *o, const struct block *b, const uint8_t *code);

/* Keeps the bytes of the block that was added last, or a G record before the next one; and writes what is kept so. */
void blocks_keep(struct blocks *b, const uint8_t *code);
void blocks_keep_map(struct blocks *b, const struct record_g *g);
void blocks_tell_kept(struct blocks *b, struct out *o);

/* The block with this number, or NULL. */
static inline const struct block *blocks_find(const struct blocks *b, uint32_t number)
{
	return b && number < b->n - 1 ? &b->block[number + 1] : NULL;
}

/* The number of a part of a block: its first BYTES; and which one has a number. */
struct blocks_part {
	uint32_t node, bytes;
};

uint32_t blocks_part(struct blocks *b, struct blocks_part part);
struct blocks_part blocks_get_part(const struct blocks *b, uint32_t number);

/* What UNIT ran last is kept there; until the next call. */
struct blocks_last *blocks_last(struct blocks *b, uint16_t unit);

#endif
