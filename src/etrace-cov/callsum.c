/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up calls and stacks by the names of their functions.
 * in:  main called collatz at block 7 of a trace, 30 times, which took 10170 ns
 * out: C<TAB>fw.elf<TAB>40201b00<TAB>main<TAB>work.c<TAB>31<TAB>40201b18<TAB>fw.elf<TAB>402019f4<TAB>collatz<TAB>30...
 */
#include "callsum.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "intern.h"
#include "num.h"
#include "record.h"

/* Texts, and what each has in all. */
struct totals {
	struct intern *texts;
	struct total {
		uint64_t count;
		struct cost cost;
	} *of;
	size_t cap;
};

struct callsum {
	/* Of traces, "in entry func TAB addr TAB in entry func": their lines are not known yet. */
	struct intern *calls;
	struct call {
		uint32_t in;		/* the object's number */
		uint64_t addr;
		uint64_t count;
		struct cost cost;
	} *call;
	size_t cap_call;
	struct totals calls_by_line;	/* C records, all but their numbers */
	struct totals stacks;
	char *text;			/* scratch */
	size_t n, cap;
};

struct callsum *callsum_new(void)
{
	struct callsum *s = must_calloc(1, sizeof *s);

	s->calls = intern_new();
	s->calls_by_line.texts = intern_new();
	s->stacks.texts = intern_new();
	return s;
}

void callsum_free(struct callsum *s)
{
	if (!s)
		return;
	intern_free(s->calls);
	intern_free(s->calls_by_line.texts);
	intern_free(s->stacks.texts);
	free(s->call);
	free(s->calls_by_line.of);
	free(s->stacks.of);
	free(s->text);
	free(s);
}

static void add_total(struct totals *t, struct field text, uint64_t count, struct cost cost)
{
	bool fresh;
	uint32_t id = intern_put(t->texts, text.s, text.n, &fresh);
	struct total *x;

	if (fresh) {
		GROW(t->of, id, t->cap);
		t->of[id] = (struct total){ .count = 0 };
	}
	x = &t->of[id];
	count_add(&x->count, count);
	count_add_both(&x->cost.blocks, cost.blocks, &x->cost.ns, cost.ns);
}

bool callsum_c(struct callsum *s, const char *line, size_t len)
{
	struct record_c r;

	if (!record_read_c(line, len, &r))
		return false;
	add_total(&s->calls_by_line, r.key, r.count, (struct cost){ r.blocks, r.ns });
	return true;
}

bool callsum_s(struct callsum *s, const char *line, size_t len)
{
	struct record_s r;

	if (!record_read_s(line, len, &r))
		return false;
	add_total(&s->stacks, r.stack, 0, (struct cost){ r.blocks, r.ns });
	return true;
}

/* ---- a trace ---- */

struct adding {
	struct callsum *s;
	struct codes *codes;
	const struct funcs *funcs;
	const struct calltree *tree;
	const struct blocks *blocks;
	const uint32_t *number;
};

static void add_text(struct callsum *s, const char *p, size_t n)
{
	if (s->n + n > s->cap) {
		s->cap = 2 * (s->n + n) + 4096;
		s->text = must_realloc(s->text, s->cap, 1);
	}
	memcpy(s->text + s->n, p, n);
	s->n += n;
}

static void add_field(struct callsum *s, struct field f)
{
	add_text(s, f.s, f.n);
	add_text(s, "\t", 1);
}

static void add_hex(struct callsum *s, uint64_t v)
{
	char hex[NUM_MAX];

	add_field(s, (struct field){ hex, (size_t)(num_hex(hex, v) - hex) });
}

static const struct block *placed(const struct adding *a, uint32_t block)
{
	return blocks_get(a->blocks, a->number[block]);
}

/* The name of FUNC, where its blocks are placed by now. */
static struct field name_of(const struct adding *a, uint32_t func)
{
	const struct func *f = funcs_get(a->funcs, func);
	struct field x = funcs_name(a->funcs, func);

	if (f->entry.in == SPOT_GUEST && f->block != NO_CODE && placed(a, f->block)->func != NO_TEXT)
		x.s = blocks_text(a->blocks, placed(a, f->block)->func, &x.n);
	return x;
}

/* "in TAB entry TAB func TAB" */
static void add_func(const struct adding *a, uint32_t func)
{
	const struct func *f = funcs_get(a->funcs, func);
	struct field none = { "-", 1 };
	struct spot entry = f->entry;

	if (f->block != NO_CODE && !placed(a, f->block)->guest) {
		const struct block *b = placed(a, f->block);

		if (entry.in == SPOT_GUEST)
			entry.addr = b->func == NO_TEXT ? 0 : b->start - b->off;
		entry.in = b->in;	/* a number among all traces' objects */
	}
	add_field(a->s, entry.in == SPOT_GUEST ? none : blocks_object_name(a->blocks, entry.in));
	add_hex(a->s, entry.addr);
	add_field(a->s, name_of(a, func));
}

static void add_arc(const struct adding *a, const struct arc *arc)
{
	const struct code *code = codes_get(a->codes, arc->site);
	const struct block *b = placed(a, arc->site);
	uint64_t addr = (code->has_at ? code->at : code->start.addr) - code->start.addr + b->start;
	struct callsum *s = a->s;
	struct call *c;
	bool fresh;
	uint32_t id;

	s->n = 0;
	add_func(a, arc->from);
	add_hex(s, addr);
	add_func(a, arc->to);
	id = intern_put(s->calls, s->text, s->n - 1, &fresh);
	if (fresh) {
		GROW(s->call, id, s->cap_call);
		s->call[id] = (struct call){ .in = b->in, .addr = addr };
	}
	c = &s->call[id];
	count_add(&c->count, arc->count);
	count_add_both(&c->cost.blocks, arc->cost.blocks, &c->cost.ns, arc->cost.ns);
}

/* The names of NODE's stack. */
static void add_stack(const struct adding *a, uint32_t node)
{
	const struct node *n = &a->tree->node[node];
	struct field name = name_of(a, n->func);

	if (field_is(name, "-"))
		name = funcs_name(a->funcs, FUNC_UNKNOWN);
	if (n->parent != NODE_TOP) {
		add_stack(a, n->parent);
		add_text(a->s, ";", 1);
	}
	add_text(a->s, name.s, name.n);
	for (char *p = a->s->text + a->s->n - name.n; p < a->s->text + a->s->n; p++)
		if (*p == ';')
			*p = ':';
}

void callsum_add(struct callsum *s, struct calls *c, const struct blocks *blocks, const uint32_t *number)
{
	struct adding a = { s, calls_codes(c), codes_funcs(calls_codes(c)), calls_tree(c), blocks, number };

	for (uint32_t i = 0; i < a.tree->n_arc; i++)
		if (a.tree->arc[i].count)
			add_arc(&a, &a.tree->arc[i]);
	for (uint32_t i = 1; i < a.tree->n_node; i++) {
		const struct node *n = &a.tree->node[i];

		if (!n->cost.blocks)
			continue;
		s->n = 0;
		add_stack(&a, i);
		add_total(&s->stacks, (struct field){ s->text, s->n }, 0, n->cost);
	}
}

/* ---- the result ---- */

static int by_place(const void *a, const void *b)
{
	const struct where *x = a, *y = b;

	return x->in != y->in ? (x->in > y->in) - (x->in < y->in) : (x->addr > y->addr) - (x->addr < y->addr);
}

static struct where *find(const struct where *w, size_t n, const struct call *c)
{
	struct where key = { .in = c->in, .addr = c->addr };

	return bsearch(&key, w, n, sizeof *w, by_place);
}

/* Makes C records of what traces had. */
static void place_calls(struct callsum *s, const struct tally *t)
{
	enum { IN, ENTRY, FUNC, ADDR, TO_IN, TO_ENTRY, TO_FUNC, COLUMNS };
	size_t n = intern_count(s->calls);
	struct where *w = must_calloc(n, sizeof *w);

	for (uint32_t i = 0; i < n; i++)
		w[i] = (struct where){ .in = s->call[i].in, .addr = s->call[i].addr, .file = { "-", 1 } };
	if (n)
		qsort(w, n, sizeof *w, by_place);
	tally_find_lines(t, w, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct where *at = find(w, n, &s->call[i]);
		struct field f[COLUMNS], key;
		char line[NUM_MAX] = "-";

		key.s = intern_text(s->calls, i, &key.n);
		record_split(key.s, key.n, f, COLUMNS);
		s->n = 0;
		add_text(s, key.s, (size_t)(f[ADDR].s - key.s));
		add_field(s, at->file);
		add_field(s, (struct field){ line, at->line ? (size_t)(num_dec(line, at->line) - line) : 1 });
		add_text(s, f[ADDR].s, (size_t)(key.s + key.n - f[ADDR].s));
		add_total(&s->calls_by_line, (struct field){ s->text, s->n }, s->call[i].count, s->call[i].cost);
	}
	free(w);
}

void callsum_write(struct callsum *s, const struct tally *t, struct out *o)
{
	const struct totals *calls = &s->calls_by_line, *stacks = &s->stacks;
	struct field f;

	place_calls(s, t);
	for (uint32_t i = 0; i < intern_count(calls->texts); i++) {
		f.s = intern_text(calls->texts, i, &f.n);
		record_put_c_counts(o, f, calls->of[i].count, calls->of[i].cost.blocks, calls->of[i].cost.ns);
	}
	for (uint32_t i = 0; i < intern_count(stacks->texts); i++) {
		f.s = intern_text(stacks->texts, i, &f.n);
		record_put_s(o, &(struct record_s){ f, stacks->of[i].cost.blocks, stacks->of[i].cost.ns });
	}
}
