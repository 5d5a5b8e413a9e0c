/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes what was folded: one record a block and CPU, and with steps one for each two blocks that followed each other.
 * in:  40201a48, 12 bytes: 2, 90 ns; followed by itself: 1
 * out: E<TAB>0<TAB>-<TAB>-<TAB>40201a48<TAB>12<TAB>2<TAB>90
 *      J<TAB>0<TAB>-<TAB>40201a48<TAB>12<TAB>-<TAB>40201a48<TAB>12<TAB>1
 */
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "emit.h"
#include "fact.h"
#include "fold.h"
#include "sort.h"

/* One CPU's, while it is written. */
struct writer {
	const struct fold_writing *w;
	struct out *out;
	unsigned unit;
	const struct fold_cpu *c;
	struct sort_item *order;	/* its slots that are taken, by address */
	uint32_t *rank;			/* by slot: where it is in ORDER */
	uint32_t *slot;			/* by id: its slot; NULL without steps */
	struct sort_item *step;		/* by the ranks of both blocks; .i: in TIMES */
	uint64_t *times;
	size_t n_step, cap_step, cap_times;
	const char **sizes, **to_sizes;	/* what the stream says that they are: of all CPUs */
};

static void rank(struct writer *x)
{
	const struct fold_cpu *c = x->c;
	struct sort_item *item = x->order = must_calloc(2 * c->n, sizeof *item);
	size_t n = 0;

	x->rank = must_calloc(c->mask + 1, sizeof *x->rank);
	x->slot = c->id ? must_calloc(c->n, sizeof *x->slot) : NULL;
	for (uint64_t i = 0; i <= c->mask; i++) {
		if (!c->slot[i].count)
			continue;
		item[n++] = (struct sort_item){ (uint64_t)c->slot[i].size << 32 | c->slot[i].token, (uint32_t)i };
		if (c->id)
			x->slot[c->id[i]] = (uint32_t)i;
	}
	sort_items(item, item + n, n);
	for (size_t i = 0; i < n; i++)
		item[i].key = c->slot[item[i].i].start;
	sort_items(item, item + n, n);
	for (size_t i = 0; i < n; i++)
		x->rank[item[i].i] = (uint32_t)i;
}

static void say_sizes(struct writer *x, const struct fold_block *from, const struct fold_block *to)
{
	const char *sizes, *to_sizes;

	if (!x->w->sizes)
		return;
	sizes = x->w->sizes[from->token];
	to_sizes = x->w->sizes[to->token];
	if (*x->sizes != sizes || (*x->to_sizes != to_sizes && to_sizes == sizes)) {
		fact_put(x->out, FACT_SIZES, sizes);
		*x->sizes = *x->to_sizes = sizes;
	}
	if (*x->to_sizes != to_sizes)
		fact_put(x->out, FACT_TO_SIZES, to_sizes);
	*x->to_sizes = to_sizes;
}

static void put_block(struct writer *x, const struct fold_block *b)
{
	bool sized = !x->w->sizes || b->size != EMIT_NO_SIZE;
	char *p = out_room(x->out, EMIT_BLOCK_MAX);

	p = emit_block(p, x->w->sizes ? 0 : b->token, b->start, sized ? b->size : 0);
	if (!sized)
		p[-1] = '-';
	out_upto(x->out, p);
}

static void write_blocks(struct writer *x)
{
	for (size_t i = 0; i < x->c->n; i++) {
		const struct fold_block *b = &x->c->slot[x->order[i].i];

		say_sizes(x, b, b);
		if (x->w->sizes)
			emit_untimed(x->out, x->unit, b->start, b->size, x->w->seen, b->count);
		else
			emit(x->out, x->unit, b->token, b->start, b->size, x->w->seen, b->count, b->ns);
	}
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void add_step(struct writer *x, uint32_t from_slot, uint32_t to_slot, uint64_t times)
{
	GROW(x->step, x->n_step, x->cap_step);
	GROW(x->times, x->n_step, x->cap_times);
	x->times[x->n_step] = times;
	x->step[x->n_step] = (struct sort_item){ (uint64_t)x->rank[from_slot] << 32 | x->rank[to_slot],
						 (uint32_t)x->n_step };
	x->n_step++;
}

static void add_by_id(void *writer, uint32_t from, uint32_t to, uint64_t times)
{
	struct writer *x = writer;

	add_step(x, x->slot[from], x->slot[to], times);
}

static void write_step(struct writer *x, const struct fold_block *from, const struct fold_block *to, uint64_t times)
{
	say_sizes(x, from, to);
	out_str(x->out, "J\t");
	out_dec(x->out, x->unit);
	out_char(x->out, '\t');
	put_block(x, from);
	out_char(x->out, '\t');
	put_block(x, to);
	out_char(x->out, '\t');
	out_dec(x->out, times);
	out_char(x->out, '\n');
}

/* A node, or a part, as it was counted. */
static struct fold_block block_of(const struct blocks *b, uint32_t node)
{
	struct blocks_part p = node < FOLLOW_RARE ? (struct blocks_part){ node, b->block[node].size } :
						  blocks_get_part(b, node - FOLLOW_RARE);

	return fold_block(b->block[p.node].token, b->block[p.node].start, p.bytes, 0, 0);
}

/* The block that was the last one when all before was written is in no slot. */
static void add_by_node(void *writer, uint32_t from, uint32_t to, uint64_t times)
{
	struct writer *x = writer;
	struct fold_block a = block_of(x->w->b, from), b = block_of(x->w->b, to);
	const struct fold_block *at = fold_find(x->c, a), *next = fold_find(x->c, b);

	if (!from)
		return;
	if (at->count)
		add_step(x, (uint32_t)(at - x->c->slot), (uint32_t)(next - x->c->slot), times);
	else
		write_step(x, &a, &b, times);
}

static void write_steps(struct writer *x)
{
	struct sort_item *tmp;

	if (x->c->steps)
		follow_each(x->c->steps, add_by_id, x);
	if (x->c->nodes)
		follow_each(x->c->nodes, add_by_node, x);
	tmp = must_calloc(x->n_step, sizeof *tmp);
	sort_items(x->step, tmp, x->n_step);
	free(tmp);
	for (size_t i = 0; i < x->n_step; i++) {
		uint64_t key = x->step[i].key, times = x->times[x->step[i].i];

		for (; i + 1 < x->n_step && x->step[i + 1].key == key; i++)
			count_add(&times, x->times[x->step[i + 1].i]);
		write_step(x, &x->c->slot[x->order[key >> 32].i], &x->c->slot[x->order[(uint32_t)key].i], times);
	}
	free(x->step);
	free(x->times);
}

/* ---------------------------------------------------------------------------------------------- */

void fold_write(struct fold *f, const struct fold_writing *w, struct out *o)
{
	const char *sizes = NULL, *to_sizes = NULL;
	bool steps = f->has_steps && !w->seen && !w->unordered;

	if (w->b)
		blocks_tell_kept(w->b, o);
	if (f->n)
		fact_put(o, FACT_ORDER, steps ? "steps" : "none");
	for (size_t i = 0; i < f->n; i++) {
		struct writer x = { .w = w, .out = o, .unit = (unsigned)i, .c = &f->cpu[i], .sizes = &sizes,
				    .to_sizes = &to_sizes };

		if (x.c->ran || x.c->nodes)
			fold_add_nodes(f, (uint16_t)i, w->b);
		if (!x.c->slot)
			continue;
		rank(&x);
		write_blocks(&x);
		if (steps)
			write_steps(&x);
		free(x.order);
		free(x.rank);
		free(x.slot);
	}
	fold_clear(f);
}
