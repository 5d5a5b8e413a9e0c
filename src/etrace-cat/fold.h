/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each block of a CPU once, with how often it ran: etrace-cat -c.  With -b also how often which block followed which,
 * the steps.
 */
#ifndef ETRACE_FOLD_H
#define ETRACE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "count.h"
#include "follow.h"
#include "out.h"

/* CPUs whose blocks are counted by number at once: more are rare, and an array each may be large. */
enum { FOLD_RAN = 512 };

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
	/* Of blocks with numbers how often each ran, or which followed which: fold.c's, and NULL without any. */
	uint64_t *ran;
	uint32_t n_ran;
	struct follow *nodes;
	/* With steps: of the others, which have numbers here, by slot. */
	uint32_t *id;
	struct follow *steps;
};

struct fold {
	struct fold_cpu *cpu;
	size_t n;
	unsigned n_ran;		/* CPUs that count blocks by number */
	bool has_steps;
};

struct fold *fold_new(bool steps);
void fold_free(struct fold *f);

/* Forgets all that was counted. */
void fold_clear(struct fold *f);

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

/* What fold_add() does for a block that is not at its slot.  Returns where it is; its count is not 0. */
struct fold_block *fold_elsewhere(struct fold_cpu *c, struct fold_block b);

/* Where it is; a free slot if it is not there. */
struct fold_block *fold_find(const struct fold_cpu *c, struct fold_block b);

/* Adds a block, and returns where it is.  FITS: no sum can pass the largest number, where it would stay (count.h). */
static inline __attribute__((always_inline)) struct fold_block *
fold_add(struct fold_cpu *c, struct fold_block b, bool fits)
{
	struct fold_block *x = fold_slot(c, b.token, b.start, b.size);

	if (__builtin_expect(x->start != b.start || x->size != b.size || x->token != b.token || !x->count, 0)) {
		x = fold_elsewhere(c, b);
	} else if (fits) {
		x->count += b.count;
		x->ns += b.ns;
	} else {
		count_add(&x->count, b.count);
		count_add(&x->ns, b.ns);
	}
	return x;
}

/* The same, with steps, of a block that ran after the one before: so often in a row. */
static inline __attribute__((always_inline)) void fold_step(struct fold_cpu *c, struct fold_block b, bool fits)
{
	const struct fold_block *x = fold_add(c, b, fits);

	follow_step(c->steps, 0, c->id[x - c->slot], b.count);
}

/* The same with steps or without, as F has them. */
void fold_run(struct fold *f, uint16_t unit, struct fold_block b);

/*
 * Where the N nodes of CPU number UNIT are counted, without steps or with them; valid until the next call of any of
 * these.  NULL if there are FOLD_RAN others: fold_write() makes room.
 */
uint64_t *fold_ran(struct fold *f, uint16_t unit, uint32_t n);
struct follow *fold_nodes(struct fold *f, uint16_t unit, uint32_t n);

/* Brings counts by number to the others: a block that was cut is there, and so are those of EXEC packets. */
void fold_add_nodes(struct fold *f, uint16_t unit, const struct blocks *b);

/* What is to be written. */
struct fold_writing {
	struct blocks *b;		/* the blocks with numbers, whose T records come first; or NULL */
	bool seen;			/* a count is "-" */
	bool unordered;			/* steps are not known */
	const char *const *sizes;	/* what sizes are, by token, where ns is not known; NULL: they are exact */
};

/* Writes all as E records, by CPU and address, after the fact that they are in no order, and steps; forgets them. */
void fold_write(struct fold *f, const struct fold_writing *w, struct out *o);

#endif
