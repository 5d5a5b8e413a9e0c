/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks of a simple trace.  One that runs takes until its CPU begins the next one, and is an E record then.
 */
#ifndef ETRACE_SIMPLE_BLOCKS_H
#define ETRACE_SIMPLE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "in.h"
#include "out.h"

struct simple_blocks;

enum { SIMPLE_CPUS = 256 };

/* TIMES, FOLD, STEPS: as in struct in_options. */
struct simple_blocks *simple_blocks_new(struct out *out, const struct in_options *o);

/*
 * A CPU begins a block of SIZE bytes, at TIME ns; it is known by a pointer, in a process.  CPUs are numbered as they
 * come.  False for one of more than SIMPLE_CPUS, which is left out.
 */
bool simple_blocks_enter(struct simple_blocks *b, uint64_t cpu, uint32_t pid, uint64_t start, uint64_t size,
			 uint64_t time);

/* A block runs, and others may have, after the one before and after it, that nothing tells of. */
void simple_blocks_see(struct simple_blocks *b, uint64_t start);

/*
 * Writes what is left, and frees all.  Blocks that were only seen are written if no CPU began any, since else all of
 * them are among those.
 */
enum simple_blocks_has { SIMPLE_NONE, SIMPLE_SEEN, SIMPLE_ENTERED };
enum simple_blocks_has simple_blocks_finish(struct simple_blocks *b);

#endif
