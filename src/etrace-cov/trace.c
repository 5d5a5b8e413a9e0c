/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts blocks by the names that E records have for them; places them when all is read.
 * in:  E<TAB>0<TAB>-<TAB>:2f1c9a07<TAB>ffffb2c01a48<TAB>12<TAB>3<TAB>180<TAB>-<TAB>-<TAB>-
 *      P<TAB>:2f1c9a07<TAB>ffffb2c01a48<TAB>12<TAB>fw.elf<TAB>40201a48<TAB>collatz+84<TAB>work.c:9<TAB>-
 * out: fw.elf<TAB>40201a48<TAB>12 has 3 and 180 ns
 */
#include "trace.h"

#include <stdlib.h>

#include "die.h"
#include "guess.h"
#include "intern.h"
#include "readers.h"
#include "recent.h"
#include "walks.h"

struct trace {
	struct intern *objects;		/* what columns "in" say */
	struct blocks *blocks;
	struct recent *recent;
	struct walks *walks;
	struct readers readers;		/* of steps: none without */
	bool unordered, folded;		/* folded: J records say what followed */
	struct intern *names;		/* that P records place, "in TAB start TAB size" */
	struct blocks *placed;		/* where they are */
	uint32_t *place;		/* by name, a number in placed */
	struct guess *guess;
	size_t cap_place;
};

struct trace *trace_new(bool steps, bool calls)
{
	struct trace *t = must_calloc(1, sizeof *t);

	t->objects = intern_new();
	t->blocks = blocks_new(t->objects);
	t->recent = recent_new(t->blocks);
	t->walks = walks_new(t->blocks);
	t->readers.flow = steps ? follow_new() : NULL;
	t->readers.calls = calls ? calls_new(t->blocks) : NULL;
	t->names = intern_new();
	t->placed = blocks_new(t->objects);
	t->guess = guess_new();
	return t;
}

void trace_free(struct trace *t)
{
	recent_free(t->recent);
	walks_free(t->walks);
	calls_free(t->readers.calls);
	blocks_free(t->blocks);
	follow_free(t->readers.flow);
	intern_free(t->names);
	blocks_free(t->placed);
	guess_free(t->guess);
	intern_free(t->objects);
	free(t->place);
	free(t);
}

void trace_fact(struct trace *t, struct fact f)
{
	t->unordered |= fact_means_unordered(f) || fact_means_folded(f);
	t->folded |= fact_means_folded(f);
	guess_fact(t->guess, f);
	if (t->readers.calls)
		calls_fact(t->readers.calls, f);
}

void trace_unordered(struct trace *t)
{
	t->unordered = true;
	t->folded = false;
}

bool trace_has_steps(const struct trace *t)
{
	return (t->readers.flow || t->readers.calls) && !t->unordered;
}

bool trace_is_folded(const struct trace *t)
{
	return t->readers.flow && t->folded;
}

static const struct readers *readers_of(const struct trace *t)
{
	return trace_has_steps(t) ? &t->readers : NULL;
}

bool trace_e(struct trace *t, const char *line, size_t len)
{
	return blocks_add(t->blocks, line, len, readers_of(t));
}

bool trace_run(struct trace *t, struct stream *r)
{
	return recent_run(t->recent, r, readers_of(t));
}

/* Of blocks whose E records were dropped it says nothing. */
bool trace_j(struct trace *t, const char *line, size_t len)
{
	struct record_j j;
	uint32_t from, to;

	if (!record_read_j(line, len, &j))
		return false;
	if (trace_is_folded(t) && j.count && blocks_have(t->blocks, j.from, &from) && blocks_have(t->blocks, j.to, &to))
		follow_add(t->readers.flow, from, to, j.count);
	return true;
}

bool trace_p(struct trace *t, const char *line, size_t len)
{
	struct record_p p;
	uint32_t id;
	bool fresh;

	if (!record_read_p(line, len, &p))
		return false;
	id = intern_put(t->names, p.block.s, p.block.n, &fresh);
	if (fresh)
		GROW(t->place, id, t->cap_place);
	t->place[id] = blocks_put_placed(t->placed, &p);
	return true;
}

bool trace_g(struct trace *t, const char *line, size_t len)
{
	return guess_g(t->guess, line, len);
}

bool trace_a(struct trace *t, const char *line, size_t len)
{
	return guess_a(t->guess, line, len) && (!t->readers.calls || calls_a(t->readers.calls, line, len));
}

bool trace_t(struct trace *t, const char *line, size_t len)
{
	return guess_t(t->guess, line, len);
}

bool trace_k(struct trace *t, const char *line, size_t len)
{
	struct record_k k;
	uint32_t id;

	if (!record_read_k(line, len, &k))
		return false;
	id = blocks_put_k(t->blocks, &k);
	if (t->readers.calls)
		calls_k(t->readers.calls, id, &k);
	return true;
}

bool trace_w(struct trace *t, const char *line, size_t len)
{
	return walks_add(t->walks, line, len, readers_of(t));
}

bool trace_x(struct trace *t, const char *line, size_t len)
{
	return !t->readers.calls || calls_x(t->readers.calls, line, len);
}

bool trace_y(struct trace *t, const char *line, size_t len)
{
	return !t->readers.calls || calls_y(t->readers.calls, line, len);
}

struct calls *trace_calls(const struct trace *t)
{
	return t->readers.calls;
}

bool trace_seen_only(const struct trace *t)
{
	return blocks_seen_only(t->blocks);
}

/* The number that the block with number ID has in SUM, from here on. */
static uint32_t add_block(const struct trace *t, uint32_t id, struct blocks *sum)
{
	const struct block *b = blocks_get(t->blocks, id);
	struct field name = blocks_name(t->blocks, id);
	uint32_t p, to;

	if (intern_find(t->names, name.s, name.n, &p))
		to = blocks_copy(sum, t->placed, t->place[p]);
	else
		to = blocks_copy(sum, t->blocks, id);
	blocks_count(sum, to, b->count, b->ns);
	return to;
}

struct sum {
	struct follow *flow;
	const uint32_t *number;		/* by the number in the trace, that in the sum */
};

static void add_steps(void *sum, uint32_t from, uint32_t to, uint64_t times)
{
	const struct sum *s = sum;

	follow_add(s->flow, s->number[from], s->number[to], times);
}

void trace_add(struct trace *t, struct blocks *blocks, struct follow *flow, struct callsum *calls,
	       struct ranges *unexplained)
{
	uint32_t n = (uint32_t)blocks_n(t->blocks), *number = must_calloc(n, sizeof *number);

	for (uint32_t i = 0; i < n; i++)
		if (!blocks_get(t->blocks, i)->malformed)
			number[i] = add_block(t, i, blocks);
	if (t->readers.flow)
		follow_each(t->readers.flow, add_steps, &(struct sum){ flow, number });
	if (t->readers.calls) {
		calls_end(t->readers.calls);
		callsum_add(calls, t->readers.calls, blocks, number);
	}
	guess_add(t->guess, t->blocks, blocks, number, unexplained);
	free(number);
}
