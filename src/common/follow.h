/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which block followed which, and how often.  Blocks are small numbers.
 */
#ifndef ETRACE_FOLLOW_H
#define ETRACE_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "count.h"

/* The two blocks that followed one last, and how often since then: others are in a table. */
struct followers {
	uint64_t times[2];
	uint32_t to[2];		/* FOLLOW_NONE for none */
};

#define FOLLOW_NONE UINT32_MAX

/* Blocks from here on are rare, and in the table alone: there need not be so many. */
#define FOLLOW_RARE 0x80000000u

struct follow {
	struct followers *block;
	size_t n_block;
	uint32_t *last;		/* by CPU: the block that it executed, or FOLLOW_NONE */
	size_t n_last;
	struct follow_pair *far;	/* open addressing */
	uint32_t far_mask, n_far;
};

struct follow *follow_new(void);
void follow_free(struct follow *f);

/* Makes room for blocks less than N. */
void follow_reserve(struct follow *f, size_t n);

/* What follow_count() does where TO is none of the two. */
void follow_count_far(struct follow *f, uint32_t from, uint32_t to, uint64_t times);

/* TO followed FROM, which there is room for, so many TIMES. */
static inline void follow_count(struct follow *f, uint32_t from, uint32_t to, uint64_t times)
{
	struct followers *b = &f->block[from];
	unsigned i = b->to[0] != to;

	if (__builtin_expect(b->to[i] == to, 1))
		count_add(&b->times[i], times);
	else
		follow_count_far(f, from, to, times);
}

/* The same of any block. */
void follow_add(struct follow *f, uint32_t from, uint32_t to, uint64_t times);

/* Makes room for a block and a CPU.  False if the CPU has too large a number, and is left out. */
bool follow_know(struct follow *f, uint64_t cpu, uint32_t block);

/* CPU executed BLOCK, not a rare one, TIMES (1 or more) in a row, after the blocks of calls before. */
static inline void follow_step(struct follow *f, uint64_t cpu, uint32_t block, uint64_t times)
{
	if ((cpu >= f->n_last || block >= f->n_block) && !follow_know(f, cpu, block))
		return;
	if (f->last[cpu] != FOLLOW_NONE)
		follow_count(f, f->last[cpu], block, 1);
	if (times > 1)
		follow_count(f, block, block, times - 1);
	f->last[cpu] = block;
}

/* TO followed FROM so many TIMES.  A pair may be visited more than once: add up. */
typedef void follow_visit(void *arg, uint32_t from, uint32_t to, uint64_t times);
void follow_each(const struct follow *f, follow_visit *visit, void *arg);

#endif
