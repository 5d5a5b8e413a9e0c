/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts pairs of blocks.  Nearly all blocks are followed by one of two others, and those are kept with
 * the block; a function's return has more, and what comes third or later is in a table.
 * in:  CPU 0 executed 7, 7, 9, 7
 * out: 7 after 7 once, 9 after 7 once, 7 after 9 once
 */
#include "flow.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"

enum { NONE = UINT32_MAX, MAX_CPU = 65535, NEAR = 2 };

struct followers {
	uint64_t times[NEAR];
	uint32_t to[NEAR];
};

struct pair {
	uint64_t times;		/* 0: the slot is free */
	uint32_t from, to;
};

struct flow {
	struct followers *block;
	size_t n_block;
	uint32_t *last;		/* by CPU: the block that it executed, or NONE */
	size_t n_last;
	struct pair *far;	/* open addressing */
	uint32_t far_mask, n_far;
};

struct flow *flow_new(void)
{
	struct flow *f = must_calloc(1, sizeof *f);

	f->far_mask = 1023;
	f->far = must_calloc(f->far_mask + 1, sizeof *f->far);
	return f;
}

void flow_free(struct flow *f)
{
	if (!f)
		return;
	free(f->block);
	free(f->last);
	free(f->far);
	free(f);
}

static struct pair *slot(const struct flow *f, uint32_t from, uint32_t to)
{
	uint64_t h = ((uint64_t)from << 32 | to) * 0x9e3779b97f4a7c15u;
	uint32_t i = (uint32_t)(h >> 32) & f->far_mask;

	while (f->far[i].times && (f->far[i].from != from || f->far[i].to != to))
		i = (i + 1) & f->far_mask;
	return &f->far[i];
}

static void grow_far(struct flow *f)
{
	struct pair *old = f->far;
	size_t n = (size_t)f->far_mask + 1;

	f->far_mask = f->far_mask * 2 + 1;
	f->far = must_calloc((size_t)f->far_mask + 1, sizeof *f->far);
	for (size_t i = 0; i < n; i++)
		if (old[i].times)
			*slot(f, old[i].from, old[i].to) = old[i];
	free(old);
}

static void add_far(struct flow *f, uint32_t from, uint32_t to, uint64_t times)
{
	struct pair *p = slot(f, from, to);
	bool fresh = !p->times;

	p->from = from;
	p->to = to;
	count_add(&p->times, times);
	if (fresh && ++f->n_far > f->far_mask / 2)
		grow_far(f);
}

static inline void add(struct flow *f, uint32_t from, uint32_t to, uint64_t times)
{
	struct followers *b = &f->block[from];

	for (int i = 0; i < NEAR; i++) {
		if (b->to[i] == to) {
			count_add(&b->times[i], times);
			return;
		}
	}
	for (int i = 0; i < NEAR; i++) {
		if (b->to[i] == NONE) {
			b->to[i] = to;
			b->times[i] = times;
			return;
		}
	}
	add_far(f, from, to, times);
}

static void know_block(struct flow *f, uint32_t block)
{
	size_t n = f->n_block;

	f->n_block = ((size_t)block + 1) * 2;
	f->block = must_realloc(f->block, f->n_block, sizeof *f->block);
	for (; n < f->n_block; n++)
		f->block[n] = (struct followers){ .to = { NONE, NONE } };
}

static void know_cpu(struct flow *f, uint64_t cpu)
{
	size_t n = f->n_last;

	f->n_last = cpu + 1;
	f->last = must_realloc(f->last, f->n_last, sizeof *f->last);
	for (; n < f->n_last; n++)
		f->last[n] = NONE;
}

void flow_step(struct flow *f, uint64_t cpu, uint32_t block, uint64_t times)
{
	if (cpu > MAX_CPU)
		return;
	if (block >= f->n_block)
		know_block(f, block);
	if (cpu >= f->n_last)
		know_cpu(f, cpu);
	if (f->last[cpu] != NONE)
		add(f, f->last[cpu], block, 1);
	if (times > 1)
		add(f, block, block, times - 1);
	f->last[cpu] = block;
}

void flow_add(struct flow *f, uint32_t from, uint32_t to, uint64_t times)
{
	if (from >= f->n_block)
		know_block(f, from);
	add(f, from, to, times);
}

void flow_each(const struct flow *f, void (*visit)(void *arg, uint32_t from, uint32_t to, uint64_t times), void *arg)
{
	for (size_t b = 0; b < f->n_block; b++)
		for (int i = 0; i < NEAR && f->block[b].to[i] != NONE; i++)
			visit(arg, (uint32_t)b, f->block[b].to[i], f->block[b].times[i]);
	for (size_t i = 0; i <= f->far_mask; i++)
		if (f->far[i].times)
			visit(arg, f->far[i].from, f->far[i].to, f->far[i].times);
}
