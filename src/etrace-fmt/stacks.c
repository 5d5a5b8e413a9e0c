/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects stacks and calls.
 * in:  S<TAB>_start;main;collatz<TAB>3390<TAB>10170
 * out: { "_start;main;collatz", 3390 blocks, 10170 ns }
 */
#include "stacks.h"

#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "count.h"
#include "die.h"
#include "num.h"

void stacks_init(struct stacks *x)
{
	*x = (struct stacks){ .texts = intern_new(), .names = intern_new(), .pairs = intern_new() };
}

void stacks_free(struct stacks *x)
{
	intern_free(x->texts);
	intern_free(x->names);
	intern_free(x->pairs);
	free(x->cost);
	free(x->calls);
}

static void add_cost(struct stacks_cost *sum, uint64_t blocks, uint64_t ns)
{
	count_add(&sum->blocks, blocks);
	count_add(&sum->ns, ns);
}

static bool add_stack(struct stacks *x, const char *rec, size_t len)
{
	struct record_s r;
	uint32_t i;
	bool fresh;

	if (!record_read_s(rec, len, &r))
		return false;
	i = intern_put(x->texts, r.stack.s, r.stack.n, &fresh);
	if (fresh) {
		GROW(x->cost, i, x->cap_cost);
		x->cost[i] = (struct stacks_cost){ 0, 0 };
	}
	add_cost(&x->cost[i], r.blocks, r.ns);
	add_cost(&x->all, r.blocks, r.ns);
	times_note(&x->times, r.ns);
	return true;
}

/* The number of a function's name as stacks have it: without a semicolon, and in words if it has none. */
static uint32_t name_of(struct stacks *x, struct field f)
{
	char *plain = NULL;
	uint32_t i;
	bool fresh;

	if (field_is(f, "-"))
		f = field_of(STACK_UNKNOWN);
	if (memchr(f.s, ';', f.n)) {
		plain = memcpy(must_malloc(f.n), f.s, f.n);
		for (size_t k = 0; k < f.n; k++)
			plain[k] = plain[k] == ';' ? ':' : plain[k];
	}
	i = intern_put(x->names, plain ? plain : f.s, f.n, &fresh);
	free(plain);
	return i;
}

static bool add_calls(struct stacks *x, const char *rec, size_t len)
{
	struct record_c r;
	uint32_t key[2], i;
	bool fresh;

	if (!record_read_c(rec, len, &r))
		return false;
	key[0] = name_of(x, r.func);
	key[1] = name_of(x, r.to_func);
	i = intern_put(x->pairs, (char *)key, sizeof key, &fresh);
	if (fresh) {
		GROW(x->calls, x->n_calls, x->cap_calls);
		x->calls[x->n_calls++] = (struct stacks_calls){ key[0], key[1], 0 };
	}
	count_add(&x->calls[i].count, r.count);
	return true;
}

/* I calls-repaired N, which is for people, and so no fact that programs know. */
static void add_repaired(struct stacks *x, const char *rec, size_t len)
{
	struct field f[3];
	uint64_t n;

	if (record_split(rec, len, f, 3) == 3 && field_is(f[1], "calls-repaired") && num_parse_dec(f[2].s, f[2].n, &n))
		count_add(&x->repaired, n);
}

static void add_fact(struct stacks *x, const char *rec, size_t len)
{
	struct fact f = fact_read(rec, len);

	times_fact(&x->times, f);
	x->unordered |= f.key == FACT_ORDER;
	add_repaired(x, rec, len);
}

/* Adds a record of KIND.  False if it is malformed. */
static bool add(struct stacks *x, char kind, const char *rec, size_t len)
{
	switch (kind) {
	case 'S': return add_stack(x, rec, len);
	case 'C': return add_calls(x, rec, len);
	case 'E': x->events = true;
	}
	return true;
}

void stacks_read(struct stacks *x, struct stream *in)
{
	char *rec;
	size_t len;

	times_cut(&x->times);
	while (!x->events && stream_next(in, &rec, &len)) {
		char kind = len > 1 && rec[1] == '\t' ? rec[0] : 0;

		if (kind == 'I') {
			if (!stream_note(in, rec, len))
				add_fact(x, rec, len);
		} else if (kind) {
			if (!add(x, kind, rec, len))
				stream_malformed(in, rec, len);
		} else if (len && *rec == '#') {
			if (!stream_version_ok(in, rec, len))
				break;
			if (stream_is_header(rec, len))
				times_cut(&x->times);
		}
	}
}

static int by_pair(const void *a, const void *b)
{
	const struct stacks_calls *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

void stacks_settle(struct stacks *x)
{
	times_cut(&x->times);
	if (x->n_calls)
		qsort(x->calls, x->n_calls, sizeof *x->calls, by_pair);
}
