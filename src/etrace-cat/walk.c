/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes E records of blocks that run one after the other; walks.c has W records, walkcount.c counts.
 * in:  node 8, five times
 * out: E<TAB>0<TAB>-<TAB>40201a48<TAB>12<TAB>5<TAB>15
 */
#include "walk.h"

#include <string.h>

#include "emit.h"

enum { LINE_MAX_BYTES = 160 };

void walk_begin(struct walk *w, struct trace *t, uint16_t unit)
{
	struct blocks *b = t->blocks;
	struct blocks_last last = *blocks_last(b, unit);

	*w = (struct walk){ .t = t, .table = b->node, .unit = unit, .node = last.node, .part = last.part };
	if (t->fold) {
		walk_count_begin(w);
		return;
	}
	w->walks = t->seen ? NULL : t->walks;
	if (w->walks) {
		walks_begin(w->walks, b, unit, b->time, b->left);
		return;
	}
	w->head_len = (uint8_t)(record_put_head(w->head, unit) - w->head);
	memcpy(w->head + w->head_len, "-\t", 2);
	w->head_len += t->times ? 0 : 2;
}

/* Puts the record of N executions of a block with TEXT at O; copies have a fixed size, which takes a few moves. */
static inline __attribute__((always_inline)) char *
put(const struct walk *w, char *o, const struct block_text *x, uint32_t insns, uint32_t n)
{
	struct trace *t = w->t;

	memcpy(o, w->head, sizeof w->head);
	o += w->head_len;
	if (t->times) {
		o = num_dec(o, t->blocks->time);
		*o++ = '\t';
		t->blocks->time += (uint64_t)n * insns;
	}
	memcpy(o, x->s, sizeof x->s);
	return n == 1 ? o + x->len : emit_times(o + x->key_len, t->seen, n, (uint64_t)n * insns);
}

/* Writes what is not yet. */
static void flush(struct walk *w)
{
	const struct blocks *b = w->t->blocks;

	if (w->n)
		out_upto(w->t->out, put(w, out_room(w->t->out, LINE_MAX_BYTES), &b->text[w->node],
					b->block[w->node].insns, w->n));
	w->n = 0;
}

bool walk_write(struct walk *w, uint32_t n)
{
	struct out *out = w->t->out;
	const struct blocks *b = w->t->blocks;
	char *o = out_room(out, LINE_MAX_BYTES), *full = out->buf + OUT_SIZE - LINE_MAX_BYTES;
	uint32_t node = w->node, times = w->n, next;

	for (; n; n--) {
		next = w->table[node].first;
		run_first(&w->table[node]);
		if (next == node && node) {
			times += n;
			break;
		}
		if (times)
			o = put(w, o, &b->text[node], b->block[node].insns, times);
		times = 0;
		if (!next)
			break;
		if (o > full) {
			out_upto(out, o);
			o = out_room(out, OUT_SIZE);
		}
		node = next;
		times = 1;
	}
	out_upto(out, o);
	w->node = node;
	w->n = times;
	return !n || times;
}

void walk_write_to(struct walk *w, uint32_t node)
{
	if (node != w->node)
		flush(w);
	w->node = node;
	w->n++;
}

void walk_cut(struct walk *w, uint32_t node, uint32_t bytes, uint32_t insns)
{
	struct trace *t = w->t;
	const struct block *b = &t->blocks->block[node];
	struct block_text x = { .len = 0 };
	char *p;

	if (t->fold) {
		walk_count_cut(w, node, bytes, insns);
	} else if (w->walks) {
		walks_cut(w->walks, node, bytes, insns);
	} else {
		flush(w);
		p = emit_block(x.s, b->token, b->start, bytes);
		x.key_len = (uint8_t)(p - x.s);
		x.len = (uint8_t)(emit_times(p, t->seen, 1, insns) - x.s);
		out_upto(t->out, put(w, out_room(t->out, LINE_MAX_BYTES), &x, insns, 1));
	}
	w->node = node;
}

void walk_end(struct walk *w)
{
	if (w->walks)
		w->t->blocks->time = walks_time(w->walks);
	else if (!w->t->fold)
		flush(w);
	*blocks_last(w->t->blocks, (uint16_t)w->unit) = (struct blocks_last){ w->node, w->part };
}
