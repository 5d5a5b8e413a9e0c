/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folds a trace: one record a block and CPU, at the end, for what needs no order.
 * in:  40201a48, 12 bytes, 50 ns, and again, 40 ns
 * out: E<TAB>0<TAB>-<TAB>-<TAB>40201a48<TAB>12<TAB>2<TAB>90
 */
#include "fold.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "fact.h"
#include "emit.h"
#include "sort.h"

/*
 * Counts are so much farther into their pages than nodes are: a processor that sees a store to a count, and knows
 * the lowest 12 bits of both addresses alone, would have the load of the next node wait for it, each time.
 */
enum { RAN_SKEW = 8 };

struct fold {
	struct fold_cpu *cpu;
	size_t n;
	unsigned n_ran;		/* that count blocks by number */
};

struct fold *fold_new(void)
{
	return must_calloc(1, sizeof(struct fold));
}

static void forget(struct fold *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->cpu[i].slot);
		free(f->cpu[i].ran);
	}
	free(f->cpu);
	*f = (struct fold){ .cpu = NULL };
}

void fold_free(struct fold *f)
{
	if (f)
		forget(f);
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

struct fold_cpu *fold_cpu(struct fold *f, uint16_t unit)
{
	struct fold_cpu *c = cpu(f, unit);

	if (!c->slot) {
		c->mask = (1 << 10) - 1;
		c->slot = must_calloc(c->mask + 1, sizeof *c->slot);
	}
	return c;
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

/* Where the block is, or the free slot where it is to be. */
static struct fold_block *find(const struct fold_cpu *c, struct fold_block b)
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

	c->mask = c->mask * 2 + 1;
	c->slot = must_calloc(c->mask + 1, sizeof *c->slot);
	for (uint64_t i = 0; i <= old.mask; i++)
		if (old.slot[i].count)
			*find(c, old.slot[i]) = old.slot[i];
	free(old.slot);
}

void fold_elsewhere(struct fold_cpu *c, struct fold_block b)
{
	struct fold_block *x = find(c, b);

	if (!b.count)
		return;
	x->start = b.start;
	x->size = b.size;
	x->token = b.token;
	c->n += !x->count;
	count_add(&x->count, b.count);
	count_add(&x->ns, b.ns);
	if (c->n > c->mask / 2)
		grow(c);
}

/* Brings counts by number to the others: a block that was cut is there, and so are those of EXEC packets. */
static void add_ran(struct fold *f, uint16_t unit, const struct blocks *b)
{
	struct fold_cpu *c = fold_cpu(f, unit);

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

static void write_cpu(const struct fold_cpu *c, unsigned unit, bool seen, bool timed, struct out *o)
{
	struct sort_item *item = must_calloc(2 * c->n, sizeof *item);
	size_t n = 0;

	for (uint64_t i = 0; i <= c->mask; i++)
		if (c->slot[i].count)
			item[n++] = (struct sort_item){ (uint64_t)c->slot[i].size << 32 | c->slot[i].token,
							(uint32_t)i };
	sort_items(item, item + n, n);
	for (size_t i = 0; i < n; i++)
		item[i].key = c->slot[item[i].i].start;
	sort_items(item, item + n, n);
	for (size_t i = 0; i < n; i++) {
		const struct fold_block *b = &c->slot[item[i].i];

		if (timed)
			emit(o, unit, b->token, b->start, b->size, seen, b->count, b->ns);
		else
			emit_untimed(o, unit, b->start, b->size, seen, b->count);
	}
	free(item);
}

static void write_all(struct fold *f, const struct blocks *b, bool seen, bool timed, struct out *o)
{
	if (f->n)
		fact_put(o, FACT_ORDER, "none");
	for (size_t i = 0; i < f->n; i++) {
		struct fold_cpu *c = &f->cpu[i];

		if (c->ran)
			add_ran(f, (uint16_t)i, b);
		if (c->slot)
			write_cpu(c, (unsigned)i, seen, timed, o);
		free(c->slot);
		c->slot = NULL;
	}
	forget(f);
}

void fold_write(struct fold *f, struct blocks *b, bool seen, struct out *o)
{
	if (b)
		blocks_tell_kept(b, o);
	write_all(f, b, seen, true, o);
}

void fold_write_untimed(struct fold *f, bool seen, struct out *o)
{
	write_all(f, NULL, seen, false, o);
}
