/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folds a trace: one record a block and CPU, at the end, for what needs no order.
 * in:  40201a48, 12 bytes, 50 ns, and again, 40 ns
 * out: E<TAB>0<TAB>-<TAB>-<TAB>40201a48<TAB>12<TAB>2<TAB>90
 */
#include "fold.h"

#include <stdlib.h>

#include "count.h"
#include "die.h"
#include "fact.h"
#include "emit.h"
#include "sort.h"

struct fold {
	struct fold_cpu *cpu;
	size_t n;
};

struct fold *fold_new(void)
{
	return must_calloc(1, sizeof(struct fold));
}

static void forget(struct fold *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->cpu[i].slot);
	free(f->cpu);
	*f = (struct fold){ .cpu = NULL };
}

void fold_free(struct fold *f)
{
	if (f)
		forget(f);
	free(f);
}

struct fold_cpu *fold_cpu(struct fold *f, uint16_t unit)
{
	struct fold_cpu *c;

	if (unit >= f->n) {
		f->cpu = must_realloc(f->cpu, unit + 1u, sizeof *f->cpu);
		for (; f->n <= unit; f->n++)
			f->cpu[f->n] = (struct fold_cpu){ .slot = NULL };
	}
	c = &f->cpu[unit];
	if (!c->slot) {
		c->mask = (1 << 16) - 1;
		c->slot = must_calloc(c->mask + 1, sizeof *c->slot);
	}
	return c;
}

/* Where the block is, or the free slot where it is to be. */
static struct fold_block *find(const struct fold_cpu *c, uint64_t start, uint64_t size)
{
	struct fold_block *x = fold_slot(c, start, size), *behind = c->slot + c->mask + 1;

	while (x->count && (x->start != start || x->size != size))
		if (++x == behind)
			x = c->slot;
	return x;
}

static void grow(struct fold_cpu *c)
{
	struct fold_cpu old = *c;

	c->mask = c->mask * 2 + 1;
	c->slot = must_calloc(c->mask + 1, sizeof *c->slot);
	for (uint64_t i = 0; i <= old.mask; i++)
		if (old.slot[i].count)
			*find(c, old.slot[i].start, old.slot[i].size) = old.slot[i];
	free(old.slot);
}

void fold_elsewhere(struct fold_cpu *c, struct fold_block b)
{
	struct fold_block *x = find(c, b.start, b.size);

	if (!b.count)
		return;
	x->start = b.start;
	x->size = b.size;
	c->n += !x->count;
	count_add(&x->count, b.count);
	count_add(&x->ns, b.ns);
	if (c->n > c->mask / 2)
		grow(c);
}

static void write_cpu(const struct fold_cpu *c, unsigned unit, bool seen, struct out *o)
{
	struct sort_item *item = must_calloc(2 * c->n, sizeof *item);
	size_t n = 0;

	for (uint64_t i = 0; i <= c->mask; i++)
		if (c->slot[i].count)
			item[n++] = (struct sort_item){ c->slot[i].size, (uint32_t)i };
	sort_items(item, item + n, n);
	for (size_t i = 0; i < n; i++)
		item[i].key = c->slot[item[i].i].start;
	sort_items(item, item + n, n);
	for (size_t i = 0; i < n; i++) {
		const struct fold_block *b = &c->slot[item[i].i];

		emit(o, unit, b->start, b->size, seen, b->count, b->ns);
	}
	free(item);
}

void fold_write(struct fold *f, bool seen, struct out *o)
{
	if (f->n)
		fact_put(o, FACT_ORDER, "none");
	for (size_t i = 0; i < f->n; i++)
		if (f->cpu[i].slot)
			write_cpu(&f->cpu[i], (unsigned)i, seen, o);
	forget(f);
}
