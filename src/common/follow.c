/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts pairs of blocks.  A block is nearly always followed by one of the two that followed it last, and those are
 * kept with it.  Where a third one comes, as after a function's return, the count of the one that is longest there goes
 * to a table.
 * in:  7, 7, 9, 7
 * out: 7 after 7 once, 9 after 7 once, 7 after 9 once
 */
#include "follow.h"

#include <stdlib.h>

#include "die.h"

enum { MAX_CPU = 65535 };

struct follow_pair {
	uint64_t times;		/* 0: the slot is free */
	uint32_t from, to;
};

struct follow *follow_new(void)
{
	struct follow *f = must_calloc(1, sizeof *f);

	f->far_mask = 1023;
	f->far = must_calloc(f->far_mask + 1, sizeof *f->far);
	return f;
}

void follow_free(struct follow *f)
{
	if (!f)
		return;
	free(f->block);
	free(f->last);
	free(f->far);
	free(f);
}

static struct follow_pair *slot(const struct follow *f, uint32_t from, uint32_t to)
{
	uint64_t h = ((uint64_t)from << 32 | to) * 0x9e3779b97f4a7c15u;
	uint32_t i = (uint32_t)(h >> 32) & f->far_mask;

	while (f->far[i].times && (f->far[i].from != from || f->far[i].to != to))
		i = (i + 1) & f->far_mask;
	return &f->far[i];
}

static void grow_far(struct follow *f)
{
	struct follow_pair *old = f->far;
	size_t n = (size_t)f->far_mask + 1;

	f->far_mask = f->far_mask * 2 + 1;
	f->far = must_calloc((size_t)f->far_mask + 1, sizeof *f->far);
	for (size_t i = 0; i < n; i++)
		if (old[i].times)
			*slot(f, old[i].from, old[i].to) = old[i];
	free(old);
}

static void add_far(struct follow *f, uint32_t from, uint32_t to, uint64_t times)
{
	struct follow_pair *p = slot(f, from, to);
	bool fresh = !p->times;

	p->from = from;
	p->to = to;
	count_add(&p->times, times);
	if (fresh && ++f->n_far > f->far_mask / 2)
		grow_far(f);
}

void follow_count_far(struct follow *f, uint32_t from, uint32_t to, uint64_t times)
{
	struct followers *b = &f->block[from];

	if (b->to[1] != FOLLOW_NONE)
		add_far(f, from, b->to[1], b->times[1]);
	b->to[1] = b->to[0];
	b->times[1] = b->times[0];
	b->to[0] = to;
	b->times[0] = times;
}

void follow_reserve(struct follow *f, size_t n)
{
	size_t i = f->n_block;

	if (n <= i)
		return;
	f->n_block = n;
	f->block = must_realloc(f->block, n, sizeof *f->block);
	for (; i < n; i++)
		f->block[i] = (struct followers){ .to = { FOLLOW_NONE, FOLLOW_NONE } };
}

static void know_cpu(struct follow *f, uint64_t cpu)
{
	size_t n = f->n_last;

	f->n_last = cpu + 1;
	f->last = must_realloc(f->last, f->n_last, sizeof *f->last);
	for (; n < f->n_last; n++)
		f->last[n] = FOLLOW_NONE;
}

bool follow_know(struct follow *f, uint64_t cpu, uint32_t block)
{
	if (cpu > MAX_CPU)
		return false;
	if (block >= f->n_block)
		follow_reserve(f, ((size_t)block + 1) * 2);
	if (cpu >= f->n_last)
		know_cpu(f, cpu);
	return true;
}

void follow_add(struct follow *f, uint32_t from, uint32_t to, uint64_t times)
{
	if (from >= FOLLOW_RARE) {
		add_far(f, from, to, times);
		return;
	}
	if (from >= f->n_block)
		follow_reserve(f, ((size_t)from + 1) * 2);
	follow_count(f, from, to, times);
}

void follow_each(const struct follow *f, follow_visit *visit, void *arg)
{
	for (size_t b = 0; b < f->n_block; b++)
		for (int i = 0; i < 2 && f->block[b].to[i] != FOLLOW_NONE; i++)
			visit(arg, (uint32_t)b, f->block[b].to[i], f->block[b].times[i]);
	for (size_t i = 0; i <= f->far_mask; i++)
		if (f->far[i].times)
			visit(arg, f->far[i].from, f->far[i].to, f->far[i].times);
}
