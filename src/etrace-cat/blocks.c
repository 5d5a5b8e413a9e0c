/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of blocks that have numbers.
 * in:  block 7: 40201a48, 12 bytes, 3 instructions
 * out: its text, for each time that it runs
 */
#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "emit.h"

static void grow(struct blocks *b)
{
	b->cap = b->cap ? b->cap * 2 : 1024;
	b->node = must_realloc(b->node, b->cap, sizeof *b->node);
	b->block = must_realloc(b->block, b->cap, sizeof *b->block);
	b->text = must_realloc(b->text, b->cap, sizeof *b->text);
}

struct blocks *blocks_new(void)
{
	struct blocks *b = must_calloc(1, sizeof *b);

	grow(b);
	b->node[0] = (struct run_node){ .first = 0 };
	b->block[0] = (struct block){ .start = 0 };
	b->n = 1;
	return b;
}

void blocks_free(struct blocks *b)
{
	if (!b)
		return;
	free(b->node);
	free(b->block);
	free(b->text);
	free(b->last);
	free(b);
}

void blocks_add(struct blocks *b, struct block block, bool seen)
{
	struct block_text *x;
	char *p;

	if (b->n == b->cap)
		grow(b);
	b->node[b->n] = (struct run_node){ .first = 0 };
	b->block[b->n] = block;
	x = &b->text[b->n++];
	memset(x, 0, sizeof *x);
	p = emit_block(x->s, block.token, block.start, block.size);
	x->key_len = (uint8_t)(p - x->s);
	x->len = (uint8_t)(emit_times(p, seen, 1, block.insns) - x->s);
}

uint32_t *blocks_last(struct blocks *b, uint16_t unit)
{
	if (unit >= b->n_last) {
		b->last = must_realloc(b->last, unit + 1u, sizeof *b->last);
		for (; b->n_last <= unit; b->n_last++)
			b->last[b->n_last] = 0;
	}
	return &b->last[unit];
}
