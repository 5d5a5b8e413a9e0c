/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of windows by their hash, and a filter of bits before it, for nearly no position in an ELF file has one.
 * in:  block 7, at ffffa6ddc2e10040: 16 bytes of it; vmlinux
 * out: these bytes are at ffff800008010040 of vmlinux
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "sort.h"

enum {
	LONG = 16,		/* bytes of a window */
	USUAL = 12,
	SHORT = 8,
	FILTER_BITS = 20,
	MANY = 1 << 17,		/* windows */
	OWNERS_MAX = 32,	/* blocks that have one, if it is to tell anything */
};

/* A window of a block. */
struct owner {
	uint64_t at;		/* its address in the guest */
	uint32_t block;
};

struct window {
	uint64_t hash;
	uint32_t first, n;	/* its owners */
	uint32_t hits;
};

struct hit {
	uint32_t window, from;
	uint64_t addr;
};

struct windows {
	const struct blocks *blocks;
	unsigned step, bytes;	/* from one window to the next; of each */
	unsigned hits_max;	/* places of one, likewise */
	unsigned sample;	/* of the hash, so many low bits are 0 */
	struct sort_item *item, *tmp;
	struct owner *all, *owner;	/* in the order of blocks, and of hashes */
	size_t n_all, cap;
	struct window *window;
	size_t n;
	uint32_t *slot;		/* 1 and the number of a window */
	size_t mask;
	uint64_t filter[(1 << FILTER_BITS) / 64];
	struct hit *hit;
	size_t n_hit, cap_hit;
};

static inline uint64_t hash_at(const uint8_t *p, size_t bytes)
{
	uint64_t a, b;

	memcpy(&a, p, 8);
	memcpy(&b, p + bytes - 8, 8);
	a = (a ^ b >> 29) * 0x9e3779b97f4a7c15u;
	a = (a ^ a >> 32 ^ b) * 0xc2b2ae3d27d4eb4fu;
	return a ^ a >> 29;
}

static inline bool is_sample(const struct windows *w, uint64_t hash)
{
	return !(hash & ((1u << w->sample) - 1));
}

static void add_block(struct windows *w, uint32_t block)
{
	const struct block *x = blocks_get(w->blocks, block);
	const uint8_t *code = blocks_code(w->blocks, x);

	for (size_t i = 0; i + w->bytes <= x->size; i += w->step) {
		uint64_t hash = hash_at(code + i, w->bytes);

		if (!is_sample(w, hash))
			continue;
		if (w->n_all == w->cap) {
			w->cap = w->cap ? 2 * w->cap : 1024;
			w->all = must_realloc(w->all, w->cap, sizeof *w->all);
			w->item = must_realloc(w->item, w->cap, sizeof *w->item);
		}
		w->item[w->n_all] = (struct sort_item){ hash, (uint32_t)w->n_all };
		w->all[w->n_all++] = (struct owner){ x->start + i, block };
	}
}

static void put_slot(struct windows *w, uint32_t i)
{
	uint64_t hash = w->window[i].hash;
	size_t k = (size_t)(hash >> 32) & w->mask;

	while (w->slot[k])
		k = (k + 1) & w->mask;
	w->slot[k] = i + 1;
	w->filter[hash >> (64 - FILTER_BITS) >> 6] |= 1ull << (hash >> (64 - FILTER_BITS) & 63);
}

/* Equal hashes are one window. */
static void index_windows(struct windows *w)
{
	w->tmp = must_malloc(w->n_all * sizeof *w->tmp);
	sort_items(w->item, w->tmp, w->n_all);
	w->owner = must_malloc(w->n_all * sizeof *w->owner);
	w->window = must_malloc(w->n_all * sizeof *w->window);
	for (size_t i = 0; i < w->n_all; i++) {
		w->owner[i] = w->all[w->item[i].i];
		if (!i || w->item[i].key != w->item[i - 1].key)
			w->window[w->n++] = (struct window){ .hash = w->item[i].key, .first = (uint32_t)i };
		w->window[w->n - 1].n++;
	}
	for (w->mask = 1023; w->mask < 2 * w->n;)
		w->mask = 2 * w->mask + 1;
	w->slot = must_calloc(w->mask + 1, sizeof *w->slot);
	for (size_t i = 0; i < w->n; i++)
		put_slot(w, (uint32_t)i);
}

struct windows *windows_new(const struct blocks *b, const uint32_t *pending, size_t n, unsigned step, bool is_short,
			    bool *sampled)
{
	struct windows *w = must_calloc(1, sizeof *w);
	size_t all = 0;

	w->blocks = b;
	w->step = step;
	w->bytes = is_short ? SHORT : step == 4 ? LONG : USUAL;
	w->hits_max = is_short ? 64 : 8;
	for (size_t i = 0; i < n; i++) {
		uint32_t size = blocks_get(b, pending[i])->size;

		all += size >= w->bytes ? (size - w->bytes) / step + 1 : 0;
	}
	while (all >> w->sample > MANY)
		w->sample++;
	*sampled = w->sample;
	for (size_t i = 0; i < n; i++)
		add_block(w, pending[i]);
	index_windows(w);
	return w;
}

void windows_free(struct windows *w)
{
	free(w->item);
	free(w->tmp);
	free(w->all);
	free(w->owner);
	free(w->window);
	free(w->slot);
	free(w->hit);
	free(w);
}

static bool has(const struct windows *w, const struct window *x, const uint8_t *p)
{
	const struct owner *o = &w->owner[x->first];
	const struct block *bl = blocks_get(w->blocks, o->block);

	return !memcmp(blocks_code(w->blocks, bl) + (o->at - bl->start), p, w->bytes);
}

static void look_up(struct windows *w, uint64_t hash, const uint8_t *p, uint32_t from, uint64_t addr)
{
	size_t k = (size_t)(hash >> 32) & w->mask;

	for (; w->slot[k]; k = (k + 1) & w->mask) {
		struct window *x = &w->window[w->slot[k] - 1];

		if (x->hash != hash)
			continue;
		if (!has(w, x, p) || ++x->hits > w->hits_max)
			return;
		GROW(w->hit, w->n_hit, w->cap_hit);
		w->hit[w->n_hit++] = (struct hit){ w->slot[k] - 1, from, addr };
		return;
	}
}

/* Most of the time goes here, so it is made for each number of bytes. */
static inline void scan(struct windows *w, const struct section *s, uint32_t from, size_t bytes)
{
	const uint64_t low = (1u << w->sample) - 1;
	const size_t step = w->step, end = s->size - bytes;

	for (size_t i = 0; i <= end; i += step) {
		uint64_t hash = hash_at(s->bytes + i, bytes), bit = hash >> (64 - FILTER_BITS);

		if (!(w->filter[bit >> 6] >> (bit & 63) & 1) || hash & low)
			continue;
		if (!code_any_relocated(s, i, bytes))
			look_up(w, hash, s->bytes + i, from, s->addr + i);
	}
}

void windows_scan(struct windows *w, const struct section *s, uint32_t from)
{
	if (!s->bytes || s->size < w->bytes)
		return;
	if (w->bytes == LONG)
		scan(w, s, from, LONG);
	else if (w->bytes == USUAL)
		scan(w, s, from, USUAL);
	else
		scan(w, s, from, SHORT);
}

void windows_found(const struct windows *w,
		   void (*found)(void *arg, uint32_t block, uint64_t at, uint32_t from, uint64_t addr), void *arg)
{
	for (size_t i = 0; i < w->n_hit; i++) {
		const struct hit *h = &w->hit[i];
		const struct window *x = &w->window[h->window];

		if (x->hits > w->hits_max || x->n > OWNERS_MAX)
			continue;
		for (uint32_t k = x->first; k < x->first + x->n; k++)
			found(arg, w->owner[k].block, w->owner[k].at, h->from, h->addr);
	}
}
