/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the last instructions of blocks.
 */
#ifndef ETRACE_SYM_TAIL_H
#define ETRACE_SYM_TAIL_H

#include "code.h"
#include "flow.h"
#include "place.h"

/* The code of a block. */
struct block_code {
	const uint8_t *bytes;
	uint64_t size;
	uint64_t addr;			/* the guest's, or the linked one if it is an ELF file's: */
	const struct section *section;	/* the one that it is in; NULL: BYTES are the trace's */
};

struct tail;

/* For the code of OB, and what is like it; FLOW is of its machine.  Both stay the caller's.  NULL after a message. */
struct tail *tail_new(const struct object *ob, struct flow *flow);
void tail_free(struct tail *t);

/*
 * How the block C ends, which is at AT, and its last steps.  A delay slot that is a block of its own ends as the branch
 * before it does: *C is then the ELF file's code from that branch on.
 */
struct transfer tail_read(struct tail *t, struct block_code *c, struct linked at, struct step s[FLOW_STEPS]);

#endif
