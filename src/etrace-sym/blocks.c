/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of blocks whose bytes are known.
 * in:  T<TAB>0<TAB>:8f21c0a4<TAB>40200800<TAB>40200800<TAB>a00038d5<TAB>-
 * out: block 0, at 40200800, the bytes a0 00 38 d5
 */
#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "num.h"
#include "token.h"

struct blocks {
	struct block *block;
	size_t n, cap;
	uint8_t *code;
	size_t n_code, cap_code;
	/* Numbers of blocks, and 1, by hash of their start and bytes; and of the last one by its start alone. */
	uint32_t *known, *last;
	size_t mask;
};

enum { SLOTS = 1 << 10 };

struct blocks *blocks_new(void)
{
	struct blocks *b = must_calloc(1, sizeof *b);

	b->mask = SLOTS - 1;
	b->known = must_calloc(SLOTS, sizeof *b->known);
	b->last = must_calloc(SLOTS, sizeof *b->last);
	return b;
}

void blocks_free(struct blocks *b)
{
	free(b->block);
	free(b->code);
	free(b->known);
	free(b->last);
	free(b);
}

void blocks_clear(struct blocks *b)
{
	b->n = b->n_code = 0;
	memset(b->known, 0, (b->mask + 1) * sizeof *b->known);
	memset(b->last, 0, (b->mask + 1) * sizeof *b->last);
}

static size_t hash(uint64_t start, uint32_t token)
{
	return (size_t)((start ^ (uint64_t)token << 32) * 0x9e3779b97f4a7c15u >> 32);
}

/* The slot of the last block at START, or the free one where it belongs. */
static uint32_t *last_slot(const struct blocks *b, uint64_t start)
{
	size_t i = hash(start, 0) & b->mask;

	while (b->last[i] && b->block[b->last[i] - 1].start != start)
		i = (i + 1) & b->mask;
	return &b->last[i];
}

static bool is(const struct blocks *b, const struct block *x, uint64_t start, uint32_t token, const uint8_t *code,
	       size_t n)
{
	return x->start == start && x->token == token &&
	       (!code || (x->size == n && !memcmp(b->code + x->code, code, n)));
}

/* The slot of the block with this start and token, of these bytes unless they are NULL. */
static uint32_t *known_slot(const struct blocks *b, uint64_t start, uint32_t token, const uint8_t *code, size_t n)
{
	size_t i = hash(start, token) & b->mask;

	while (b->known[i] && !is(b, &b->block[b->known[i] - 1], start, token, code, n))
		i = (i + 1) & b->mask;
	return &b->known[i];
}

static void grow(struct blocks *b)
{
	b->mask = 2 * b->mask + 1;
	free(b->known);
	free(b->last);
	b->known = must_calloc(b->mask + 1, sizeof *b->known);
	b->last = must_calloc(b->mask + 1, sizeof *b->last);
	for (size_t i = 0; i < b->n; i++) {
		const struct block *x = &b->block[i];

		*known_slot(b, x->start, x->token, b->code + x->code, x->size) = (uint32_t)i + 1;
		*last_slot(b, x->start) = (uint32_t)i + 1;
	}
}

static size_t keep(struct blocks *b, const uint8_t *code, size_t n)
{
	size_t at = b->n_code;

	if (n > b->cap_code - at) {
		b->cap_code = 2 * (b->cap_code + n) + 4096;
		b->code = must_realloc(b->code, b->cap_code, 1);
	}
	memcpy(b->code + at, code, n);
	b->n_code += n;
	return at;
}

uint32_t blocks_add(struct blocks *b, const struct tb *tb, bool *fresh)
{
	uint32_t token = token_hash(tb->code, tb->n), *known;

	if (b->n >= b->mask / 2)
		grow(b);
	known = known_slot(b, tb->addr.addr, token, tb->code, tb->n);
	*fresh = !*known;
	if (*fresh) {
		GROW(b->block, b->n, b->cap);
		b->block[b->n] = (struct block){
			.start = tb->addr.addr, .size = (uint32_t)tb->n, .token = token,
			.code = keep(b, tb->code, tb->n),
		};
		*known = (uint32_t)++b->n;
	}
	*last_slot(b, tb->addr.addr) = *known;
	return *known - 1;
}

uint32_t blocks_find(const struct blocks *b, struct field in, uint64_t start)
{
	uint64_t token = 0;
	uint32_t i;

	if (field_is(in, "-"))
		i = *last_slot(b, start);
	else if (in.n > 1 && num_parse_hex(in.s + 1, in.n - 1, &token))
		i = *known_slot(b, start, (uint32_t)token, NULL, 0);
	else
		i = 0;
	return i ? i - 1 : NO_BLOCK;
}

uint32_t blocks_n(const struct blocks *b)
{
	return (uint32_t)b->n;
}

struct block *blocks_get(const struct blocks *b, uint32_t i)
{
	return &b->block[i];
}

const uint8_t *blocks_code(const struct blocks *b, const struct block *x)
{
	return b->code + x->code;
}

struct sort_item *blocks_by_start(const struct blocks *b, const uint32_t *which, size_t n)
{
	struct sort_item *a = must_malloc((n + 1) * sizeof *a), *tmp = must_malloc((n + 1) * sizeof *tmp);

	for (size_t i = 0; i < n; i++) {
		uint32_t k = which ? which[i] : (uint32_t)i;

		a[i] = (struct sort_item){ b->block[k].start, k };
	}
	sort_items(a, tmp, n);
	free(tmp);
	return a;
}
