/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts a trace's blocks, and which followed which; foldout.c writes that.
 * in:  40201a48, 12 bytes, 50 ns, and again, 40 ns
 * out: 40201a48, 12 bytes: 2, 90 ns; followed by itself: 1
 */
#include "fold.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"

/*
 * Counts are so much farther into their pages than nodes are: a processor that sees a store to a count, and knows
 * the lowest 12 bits of both addresses alone, would have the load of the next node wait for it, each time.
 */
enum { RAN_SKEW = 8 };

struct fold *fold_new(bool steps)
{
	struct fold *f = must_calloc(1, sizeof *f);

	f->has_steps = steps;
	return f;
}

void fold_clear(struct fold *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->cpu[i].slot);
		free(f->cpu[i].ran);
		free(f->cpu[i].id);
		follow_free(f->cpu[i].nodes);
		follow_free(f->cpu[i].steps);
	}
	free(f->cpu);
	*f = (struct fold){ .has_steps = f->has_steps };
}

void fold_free(struct fold *f)
{
	if (f)
		fold_clear(f);
	free(f);
}

static struct fold_cpu *cpu(struct fold *f, uint16_t unit)
{
	if (unit >= f->n) {
		f->cpu = must_realloc(f->cpu, unit + 1u, sizeof *f->cpu);
		for (; f->n <= unit; f->n++)
			f->cpu[f->n] = (struct fold_cpu){ .slot = NULL };
	}
	return &f->cpu[unit];
}

static void allocate(struct fold_cpu *c, uint64_t mask, bool steps)
{
	c->mask = mask;
	c->slot = must_calloc(mask + 1, sizeof *c->slot);
	c->id = steps ? must_calloc(mask + 1, sizeof *c->id) : NULL;
}

struct fold_cpu *fold_cpu(struct fold *f, uint16_t unit)
{
	struct fold_cpu *c = cpu(f, unit);

	if (!c->slot) {
		allocate(c, (1 << 10) - 1, f->has_steps);
		c->steps = f->has_steps ? follow_new() : NULL;
	}
	return c;
}

void fold_run(struct fold *f, uint16_t unit, struct fold_block b)
{
	struct fold_cpu *c = fold_cpu(f, unit);
	bool fits = fold_fits(c, b.count > b.ns ? b.count : b.ns);

	if (f->has_steps)
		fold_step(c, b, fits);
	else
		fold_add(c, b, fits);
}

uint64_t *fold_ran(struct fold *f, uint16_t unit, uint32_t n)
{
	struct fold_cpu *c = cpu(f, unit);

	if (!c->ran && f->n_ran == FOLD_RAN)
		return NULL;
	f->n_ran += !c->ran;
	n += RAN_SKEW;
	if (c->n_ran < n) {
		c->ran = must_realloc(c->ran, n, sizeof *c->ran);
		memset(c->ran + c->n_ran, 0, (n - c->n_ran) * sizeof *c->ran);
		c->n_ran = n;
	}
	return c->ran + RAN_SKEW;
}

struct follow *fold_nodes(struct fold *f, uint16_t unit, uint32_t n)
{
	struct fold_cpu *c = cpu(f, unit);

	if (!c->nodes) {
		if (f->n_ran == FOLD_RAN)
			return NULL;
		f->n_ran++;
		c->nodes = follow_new();
	}
	follow_reserve(c->nodes, n);
	return c->nodes;
}

struct fold_block *fold_find(const struct fold_cpu *c, struct fold_block b)
{
	struct fold_block *x = fold_slot(c, b.token, b.start, b.size), *behind = c->slot + c->mask + 1;

	while (x->count && (x->start != b.start || x->size != b.size || x->token != b.token))
		if (++x == behind)
			x = c->slot;
	return x;
}

static void grow(struct fold_cpu *c)
{
	struct fold_cpu old = *c;

	allocate(c, c->mask * 2 + 1, c->id);
	for (uint64_t i = 0; i <= old.mask; i++) {
		struct fold_block *x = old.slot[i].count ? fold_find(c, old.slot[i]) : NULL;

		if (!x)
			continue;
		*x = old.slot[i];
		if (c->id)
			c->id[x - c->slot] = old.id[i];
	}
	free(old.slot);
	free(old.id);
}

struct fold_block *fold_elsewhere(struct fold_cpu *c, struct fold_block b)
{
	struct fold_block *x = fold_find(c, b);

	if (!x->count) {
		if (c->n + 1 > c->mask / 2) {
			grow(c);
			x = fold_find(c, b);
		}
		if (c->id)
			c->id[x - c->slot] = (uint32_t)c->n;
		c->n++;
	}
	x->start = b.start;
	x->size = b.size;
	x->token = b.token;
	count_add(&x->count, b.count);
	count_add(&x->ns, b.ns);
	return x;
}

/* How often each node ran, by how often it followed one. */
static void count_to(void *cpu, uint32_t from, uint32_t to, uint64_t times)
{
	struct fold_cpu *c = cpu;

	(void)from;
	if (to < FOLLOW_RARE)
		count_add(&c->ran[to + RAN_SKEW], times);
}

void fold_add_nodes(struct fold *f, uint16_t unit, const struct blocks *b)
{
	struct fold_cpu *c = fold_cpu(f, unit);

	if (c->nodes) {
		c->n_ran = b->n + RAN_SKEW;
		c->ran = must_calloc(c->n_ran, sizeof *c->ran);
		follow_each(c->nodes, count_to, c);
	}
	for (uint32_t i = 0; i + RAN_SKEW < c->n_ran && i < b->n; i++) {
		uint64_t n = c->ran[i + RAN_SKEW], ns;

		if (!n)
			continue;
		if (__builtin_mul_overflow(n, b->block[i].insns, &ns))
			ns = count_full();
		fold_add(c, fold_block(b->block[i].token, b->block[i].start, b->block[i].size, n, ns), false);
	}
	free(c->ran);
	c->ran = NULL;
	c->n_ran = 0;
}
