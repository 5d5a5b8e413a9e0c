/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a block of QEMU's ends, by the code, for traces that say only where blocks begin.  Addresses are as linked.
 */
#ifndef ETRACE_BLOCKEND_H
#define ETRACE_BLOCKEND_H

#include <stdbool.h>
#include <stdint.h>

#include "object.h"

struct blockend;

/* For OB, which stays the caller's.  NULL after a message: it isn't known which instructions of its machine end one. */
struct blockend *blockend_new(const struct object *ob);
void blockend_free(struct blockend *b);

struct extent {
	uint64_t size;		/* bytes */
	unsigned insns;
};

/*
 * The block that begins at START.  NEXT is where its CPU went on, if that is after START and less than a few pages
 * away, else START.  False if no instruction can be read there.
 *
 * A block ends after a branch or an instruction that changes the state of the CPU, with its page, or at 512
 * instructions, so it goes on to the first of these, unless NEXT tells that it was left before: where NEXT lies
 * within, and what the block ends with cannot lead to there.
 */
bool blockend_find(struct blockend *b, uint64_t start, uint64_t next, struct extent *e);

/* The same for a block that has one instruction. */
bool blockend_first(struct blockend *b, uint64_t start, struct extent *e);

/* How many instructions there are in SIZE bytes from START on. */
unsigned blockend_insns(struct blockend *b, uint64_t start, uint64_t size);

#endif
