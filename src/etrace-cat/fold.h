/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each block of a CPU once, with how often it ran: etrace-cat -c.
 */
#ifndef ETRACE_FOLD_H
#define ETRACE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "count.h"
#include "out.h"

struct fold;

struct fold *fold_new(void);
void fold_free(struct fold *f);

struct fold_block {
	uint64_t start, size, count, ns;		/* count 0: a free slot */
};

/* The blocks of one CPU: open addressing. */
struct fold_cpu {
	struct fold_block *slot;
	uint64_t mask;
	uint64_t n;
	uint64_t most;		/* no sum is larger */
};

/* That of CPU number UNIT; valid until the next call of any of these. */
struct fold_cpu *fold_cpu(struct fold *f, uint16_t unit);

static inline struct fold_block *fold_slot(const struct fold_cpu *c, uint64_t start, uint64_t size)
{
	uint64_t h = (start ^ size << 40) * 0x9e3779b97f4a7c15u;

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
	struct fold_block *x = fold_slot(c, b.start, b.size);

	if (__builtin_expect(x->start != b.start || x->size != b.size || !x->count, 0)) {
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
 * Writes all as E records, by CPU and address, after the fact that they are in no order, and forgets
 * them.  SEEN: a count is "-".
 */
void fold_write(struct fold *f, bool seen, struct out *o);

#endif
