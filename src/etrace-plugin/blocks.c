/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of blocks: each range of code that was translated has a number, and another one for other bytes there.
 * in:  [40200800, 4020080c) of 3 instructions, a0 00 38 d5 ...
 * out: 7
 */
#include <stdlib.h>
#include <string.h>

#include "state.h"
#include "token.h"

static uint32_t hash(uint64_t start, uint64_t end, uint32_t token)
{
	uint64_t h = (start ^ end << 40 ^ (uint64_t)token << 24) * 0x9e3779b97f4a7c15u;

	return (uint32_t)(h >> 32);
}

static void grow_slots(void)
{
	const struct block *b = g.link->area.block;
	uint32_t n = g.link->area.s->n_blocks;

	free(g.slot);
	g.slot_mask = g.slot_mask * 2 + 1;
	g.slot = calloc((size_t)g.slot_mask + 1, sizeof *g.slot);
	if (!g.slot)
		fail("no memory for the table of blocks");
	for (uint32_t id = 0; id < n; id++) {
		uint32_t i = hash(b[id].start, b[id].end, b[id].token) & g.slot_mask;

		while (g.slot[i])
			i = (i + 1) & g.slot_mask;
		g.slot[i] = id + 1;
	}
}

/* Whether A and B are the same block, if B has these bytes. */
static bool is_same(const struct block *a, const struct block *b, const uint8_t *bytes)
{
	const uint8_t *code = area_code(&g.link->area, a);

	return a->start == b->start && a->end == b->end && a->token == b->token && !code == !bytes &&
	       (!code || code == bytes || !memcmp(code, bytes, (size_t)(b->end - b->start)));
}

/* Where N bytes are kept: the same block at another address has them already. */
static uint32_t keep(const uint8_t *bytes, size_t n)
{
	const struct area *a = &g.link->area;
	uint32_t at = a->s->code_used;

	if (!bytes)
		return NO_CODE;
	if (bytes >= a->code && bytes < a->code + at)
		return (uint32_t)(bytes - a->code);
	if (n > CODE_SIZE - at)
		fail("the guest has more code than there is room for, 1 GiB: trace a part of it, with range=");
	memcpy(a->code + at, bytes, n);
	a->s->code_used = at + (uint32_t)n;
	return at;
}

uint32_t block_id(uint64_t start, uint64_t end, uint32_t insns, const uint8_t *bytes)
{
	const size_t size = (size_t)(end - start);
	struct shared *s = g.link->area.s;
	struct block *b = g.link->area.block, new = { .start = start, .end = end, .insns = insns };
	uint32_t i, n = s->n_blocks;

	if (n >= g.slot_mask / 2)
		grow_slots();
	new.token = bytes ? token_hash(bytes, size) : 0;
	for (i = hash(start, end, new.token) & g.slot_mask; g.slot[i]; i = (i + 1) & g.slot_mask)
		if (is_same(&b[g.slot[i] - 1], &new, bytes))
			return g.slot[i] - 1;
	if (n == MAX_BLOCKS)
		fail("the guest has more than 4194304 different blocks: trace a part of it, with range=");
	new.code = keep(bytes, size);
	new.unwanted = !wanted(start);
	b[n] = new;
	g.slot[i] = n + 1;
	s->n_blocks = n + 1;
	return n;
}

uint32_t block_find(uint64_t start, uint64_t end, uint32_t insns, const uint8_t *bytes)
{
	uint32_t id;

	pthread_mutex_lock(&g.lock);
	id = block_id(start, end, insns, bytes);
	if (g.o.counting)
		block_score(id);
	pthread_mutex_unlock(&g.lock);
	return id;
}

void block_score(uint32_t id)
{
	struct qemu_plugin_scoreboard **s = &g.score[id / CHUNK];

	if (qemu_plugin_scoreboard_new && !*s)
		*s = qemu_plugin_scoreboard_new(CHUNK * COUNT_BYTES);
}

uint64_t *block_counts(unsigned vcpu, uint32_t id)
{
	char *score;

	if (!qemu_plugin_scoreboard_new)
		return area_count(&g.link->area, vcpu, id);
	score = qemu_plugin_scoreboard_find(g.score[id / CHUNK], vcpu);
	return (uint64_t *)(score + id % CHUNK * COUNT_BYTES);
}
