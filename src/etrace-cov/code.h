/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the blocks of one trace are for those who follow calls: how each ends, and of which function it is.
 */
#ifndef ETRACE_COV_CODE_H
#define ETRACE_COV_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "funcs.h"
#include "record.h"
#include "spots.h"

/* How one block is followed by another (moves.h). */
struct next {
	uint32_t block;
	uint32_t arc;		/* of a call: as it was counted last (calltree.h) */
	uint8_t move;
};

struct code {
	struct next next[2];	/* of blocks that came before; NO_CODE for none */
	struct spot start, fall;	/* fall: the first byte after it */
	uint64_t at, to;
	uint32_t func;
	uint8_t end;		/* enum end */
	bool conditional, direct, has_at;
	bool entry;		/* its function begins here */
	bool clear;		/* a stub's */
	bool cut;		/* K does not tell how it ends */
	bool patched;		/* it has had other K records, and may end so again */
	uint32_t catch;		/* where exceptions come from that are caught here, for codes_catches(), or NO_TEXT */
};

enum { NO_CODE = UINT32_MAX };

struct codes;

/* BLOCKS, whose numbers are those of the codes, stays the caller's. */
struct codes *codes_new(struct blocks *blocks);
void codes_free(struct codes *c);

/* Whether the trace is of a machine, and not of one program; before the first block. */
void codes_of_machine(struct codes *c, bool machine);

/* Takes the K record of the block with number ID. */
void codes_k(struct codes *c, uint32_t id, const struct record_k *k);

/* Whether there was a K record. */
bool codes_any(const struct codes *c);

/* The block with number ID; valid until the next call with a number that is new. */
struct code *codes_get(struct codes *c, uint32_t id);

/* What is known before without looking: the first N of them. */
struct code *codes_all(struct codes *c, uint32_t *n);

/* Their addresses and functions, which are C's. */
struct spots *codes_spots(struct codes *c);
struct funcs *codes_funcs(struct codes *c);

/* Whether a system call, or another trap, ends right before this address. */
bool codes_after_trap(const struct codes *c, struct spot s);

/* Whether exceptions that come from AT, in the same object, are caught at X. */
bool codes_catches(const struct codes *c, const struct code *x, uint64_t at);

#endif
