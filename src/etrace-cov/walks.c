/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads W records.
 * in:  W<TAB>0<TAB>-<TAB>4<TAB>1113<TAB>fw.elf<TAB>40201a48<TAB>12<TAB>3<TAB>fw.elf<TAB>40201a54<TAB>8<TAB>2
 * out: each of both blocks has 2 more; 4 steps
 */
#include "walks.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "num.h"
#include "record.h"
#include "steps.h"

/* A block of the record, by its number there; the first one is where it begins. */
struct walked {
	struct run_node node;
	uint32_t id;
	uint64_t ns;		/* of one execution */
	uint64_t ran;
};

struct walks {
	struct blocks *b;
	struct walked *at;
	size_t n, cap;
};

struct walks *walks_new(struct blocks *b)
{
	struct walks *w = must_calloc(1, sizeof *w);

	w->b = b;
	return w;
}

void walks_free(struct walks *w)
{
	free(w->at);
	free(w);
}

static bool read_blocks(struct walks *w, struct field blocks)
{
	struct walk_block x;

	GROW(w->at, 0, w->cap);
	w->at[0] = (struct walked){ .ran = 0 };
	for (w->n = 1; record_walk_block(&blocks, &x); w->n++) {
		GROW(w->at, w->n, w->cap);
		w->at[w->n] = (struct walked){ .id = blocks_put_walked(w->b, &x), .ns = x.ns };
	}
	return !blocks.n && w->n <= UINT32_MAX / 2;
}

/* Where steps are taken to. */
struct taking {
	struct walked *at;
	const struct readers *readers;	/* NULL: count only */
	struct calls_cpu *calls;
	uint64_t cpu;
};

/* Takes N steps to block number TO. */
static inline void take(const struct taking *t, uint32_t to, uint64_t n)
{
	struct walked *x = &t->at[to];

	x->ran += n;
	if (!t->readers)
		return;
	if (t->readers->flow)
		follow_step(t->readers->flow, t->cpu, x->id, n);
	if (!t->readers->calls)
		return;
	if (n == 1)
		calls_step(t->readers->calls, t->calls, x->id, x->ns);
	else
		calls_repeat(t->readers->calls, t->calls, x->id, n, x->ns * n);
}

/* N times to the first successor, from *FROM on, which moves; false if there is none. */
static inline bool take_firsts(const struct taking *t, uint32_t *from, uint64_t n)
{
	uint32_t node = *from;

	for (; n; n--) {
		struct run_node *p = &t->at[node].node;

		if (!p->first)
			return false;
		run_first(p);
		if (p->first == node) {
			take(t, node, n);
			break;
		}
		take(t, node = p->first, 1);
	}
	*from = node;
	return true;
}

/* All steps of R, whose N blocks are at T.  False if they are malformed. */
static inline __attribute__((always_inline)) bool take_all(const struct taking *t, size_t n, const struct record_w *r)
{
	struct steps s = { r->steps.s, r->steps.s + r->steps.n, r->count };
	uint32_t from = 0, to = 0;
	enum steps_to how;
	uint64_t firsts;

	while ((how = steps_next(&s, &firsts, &to)) != STEPS_BAD) {
		if (!take_firsts(t, &from, firsts))
			return false;
		if (how == STEPS_END)
			return true;
		if (how == STEPS_SECOND)
			to = run_second(&t->at[from].node);
		if (!to || to >= n)
			return false;
		run_step(&t->at[from].node, to);
		take(t, from = to, 1);
	}
	return false;
}

/* Adds how often each block of the record ran. */
static void count_blocks(struct walks *w)
{
	for (size_t i = 1; i < w->n; i++) {
		uint64_t ns;

		if (__builtin_mul_overflow(w->at[i].ran, w->at[i].ns, &ns))
			ns = count_full();
		blocks_count(w->b, w->at[i].id, w->at[i].ran, ns);
	}
}

bool walks_add(struct walks *w, const char *line, size_t len, const struct readers *readers)
{
	struct taking t = { .readers = readers };
	struct record_w r;
	bool good;

	if (!record_read_w(line, len, &r) || !num_parse_dec(r.cpu.s, r.cpu.n, &t.cpu) || !read_blocks(w, r.blocks))
		return false;
	t.at = w->at;
	t.calls = readers && readers->calls ? calls_cpu(readers->calls, t.cpu) : NULL;
	good = take_all(&t, w->n, &r);
	count_blocks(w);
	return good;
}
