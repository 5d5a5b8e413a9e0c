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
#include "intern.h"

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
	b->n = b->told = 1;
	return b;
}

static void forget_maps(struct blocks *b)
{
	for (uint32_t i = 0; i < b->n_map; i++) {
		free((char *)b->map[i].g.path.s);
		free((char *)b->map[i].g.build_id.s);
	}
	free(b->map);
	b->map = NULL;
	b->n_map = 0;
}

void blocks_free(struct blocks *b)
{
	if (!b)
		return;
	forget_maps(b);
	free(b->node);
	free(b->block);
	free(b->text);
	free(b->code);
	free(b->last);
	intern_free(b->parts);
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

void blocks_tell(struct out *o, const struct block *b, const uint8_t *code)
{
	char token[TOKEN_MAX];

	out_printf(o, "T\t%u\t", b->unit);
	out_mem(o, token, token_text(token, b->token));
	out_printf(o, "\t%llx\t-\t", (unsigned long long)b->start);
	emit_bytes(o, code, b->size);
	out_str(o, "\t-\n");
}

void blocks_keep(struct blocks *b, const uint8_t *code)
{
	size_t n = b->block[b->n - 1].size;

	if (b->code_len + n > b->code_cap) {
		b->code_cap = 2 * (b->code_len + n);
		b->code = must_realloc(b->code, b->code_cap, 1);
	}
	memcpy(b->code + b->code_len, code, n);
	b->code_len += n;
}

static struct field copy(struct field f)
{
	char *s = must_calloc(f.n + 1, 1);

	memcpy(s, f.s, f.n);
	return (struct field){ s, f.n };
}

void blocks_keep_map(struct blocks *b, const struct record_g *g)
{
	struct block_map m = { *g, b->n };

	m.g.path = copy(g->path);
	m.g.build_id = copy(g->build_id);
	b->map = must_realloc(b->map, b->n_map + 1u, sizeof *b->map);
	b->map[b->n_map++] = m;
}

/* Writes the G records from number I on that come before node N; returns the number of the next one. */
static uint32_t tell_maps(const struct blocks *b, uint32_t i, uint32_t n, struct out *o)
{
	for (; i < b->n_map && b->map[i].before <= n; i++)
		record_put_g(o, &b->map[i].g);
	return i;
}

void blocks_tell_kept(struct blocks *b, struct out *o)
{
	const uint8_t *code = b->code;
	uint32_t map = 0;

	for (; b->told < b->n; b->told++) {
		const struct block *x = &b->block[b->told];

		if (!x->token)
			continue;
		map = tell_maps(b, map, b->told, o);
		blocks_tell(o, x, code);
		code += x->size;
	}
	tell_maps(b, map, b->n, o);
	forget_maps(b);
	b->code_len = 0;
}

uint32_t blocks_part(struct blocks *b, struct blocks_part part)
{
	bool fresh;

	if (!b->parts)
		b->parts = intern_new();
	return intern_put(b->parts, (const char *)&part, sizeof part, &fresh);
}

struct blocks_part blocks_get_part(const struct blocks *b, uint32_t number)
{
	struct blocks_part part;
	size_t n;

	memcpy(&part, intern_text(b->parts, number, &n), sizeof part);
	return part;
}

struct blocks_last *blocks_last(struct blocks *b, uint16_t unit)
{
	if (unit >= b->n_last) {
		b->last = must_realloc(b->last, unit + 1u, sizeof *b->last);
		for (; b->n_last <= unit; b->n_last++)
			b->last[b->n_last] = (struct blocks_last){ .node = 0 };
	}
	return &b->last[unit];
}
