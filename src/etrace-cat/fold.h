/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each block of a CPU once, with how often it ran: etrace-cat -c.
 */
#ifndef ETRACE_FOLD_H
#define ETRACE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "count.h"
#include "out.h"

struct fold;

/* CPUs whose blocks are counted by number at once: more are rare, and an array each may be large. */
enum { FOLD_RAN = 512 };

struct fold *fold_new(void);
void fold_free(struct fold *f);

struct fold_block {
	uint64_t start;
	uint32_t size, token;		/* token 0: its bytes are not known */
	uint64_t count, ns;		/* count 0: a free slot */
};

static inline struct fold_block fold_block(uint32_t token, uint64_t start, uint64_t size, uint64_t count, uint64_t ns)
{
	return (struct fold_block){ start, (uint32_t)size, token, count, ns };
}

/* The blocks of one CPU: open addressing. */
struct fold_cpu {
	struct fold_block *slot;
	uint64_t mask;
	uint64_t n;
	uint64_t most;		/* no sum is larger */
	uint64_t *ran;		/* how often each block with a number ran: fold.c's; or NULL */
	uint32_t n_ran;
};

/* That of CPU number UNIT; valid until the next call of any of these. */
struct fold_cpu *fold_cpu(struct fold *f, uint16_t unit);

static inline struct fold_block *fold_slot(const struct fold_cpu *c, uint32_t token, uint64_t start, uint32_t size)
{
	uint64_t h = (start ^ (uint64_t)size << 40 ^ (uint64_t)token << 24) * 0x9e3779b97f4a7c15u;

	return &c->slot[h >> 32 & c->mask];
}

/*
 * Announces sums that will be larger by MORE at the most.  Whether they fit, all of them: if not, the largest
 * number has to be looked out for at each addition, which takes time.
 */
static inline bool fold_fits(struct fold_cpu *c, uint64_t more)
{
	bool full = __builtin_add_overflow(c->most, more, &c->most);

	c->most = full ? UINT64_MAX : c->most;
	return !full;
}

/* What fold_add() does for a block that is not at its slot. */
void fold_elsewhere(struct fold_cpu *c, struct fold_block b);

/* Adds a block.  FITS: no sum can pass the largest number, where it would stay (count.h). */
static inline __attribute__((always_inline)) void fold_add(struct fold_cpu *c, struct fold_block b, bool fits)
{
	struct fold_block *x = fold_slot(c, b.token, b.start, b.size);

	if (__builtin_expect(x->start != b.start || x->size != b.size || x->token != b.token || !x->count, 0)) {
		fold_elsewhere(c, b);
	} else if (fits) {
		x->count += b.count;
		x->ns += b.ns;
	} else {
		count_add(&x->count, b.count);
		count_add(&x->ns, b.ns);
	}
}

/*
 * Where the N nodes of CPU number UNIT are counted; valid until the next call of any of these.  NULL if there are
 * FOLD_RAN others: fold_write() makes room.
 */
uint64_t *fold_ran(struct fold *f, uint16_t unit, uint32_t n);

/*
 * Writes all as E records, by CPU and address, after the fact that they are in no order, and forgets
 * them.  B: the blocks with numbers, whose T records come before, or NULL if there are none.  SEEN: a count is "-".
 * fold_write_untimed() does it for blocks whose ns is not known.
 */
void fold_write(struct fold *f, struct blocks *b, bool seen, struct out *o);
void fold_write_untimed(struct fold *f, bool seen, struct out *o);

#endif
