/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks of which only the beginning is known, until their CPU begins the next one: then they are E records.
 */
#ifndef ETRACE_EXEC_BLOCKS_H
#define ETRACE_EXEC_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "exec-line.h"
#include "fold.h"
#include "in.h"
#include "out.h"

/*
 * What is known of the size of a block: the distance to the next one, that at which it was left, or that it has one
 * instruction.
 */
enum exec_sizes { SIZES_NONE, SIZES_NEXT, SIZES_EXACT, SIZES_INSTRUCTION, N_SIZES };

struct exec_blocks {
	struct out *out;
	struct fold *fold;	/* to count each block of a CPU once, with what its size is as its token; else NULL */
	bool seen;			/* how often a block ran is not known */
	enum exec_sizes sizes;		/* what the stream says that they are */
	struct exec_cpu *cpu;
	size_t n_cpu;
};

/* FOLD, STEPS: as in struct in_options. */
void exec_blocks_init(struct exec_blocks *b, struct out *out, const struct in_options *o);

/* A block begins; LEFT: it is where the one before was left. */
void exec_blocks_begin(struct exec_blocks *b, const struct exec_fields *f, bool left);

/* The block that begins at F->pc, translated at F->host, does not run.  On which CPU is not known. */
void exec_blocks_cancel(struct exec_blocks *b, const struct exec_fields *f);

/* Writes what has no next one, and what was folded, and frees all. */
void exec_blocks_finish(struct exec_blocks *b);

#endif
