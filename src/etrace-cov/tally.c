/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up F and L records.
 *
 * An L is known by its file, line, function, object and addresses.  Each address keeps a count of its own,
 * because the count of a line is the maximum over them: the maximum of sums is right for many runs
 * merged, the sum of maxima is not.
 *
 * in:  L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4,40201a4c+12<TAB>0<TAB>0
 * out: L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4:29,40201a4c+12<TAB>452<TAB>90200
 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "intern.h"
#include "num.h"
#include "record.h"
#include "search.h"

struct l {
	uint32_t file, line, func;	/* file and func are numbers in t->names */
	uint32_t in;			/* an object's number */
	uint32_t n, first, hash;	/* first: of its N statements, in t->statement */
	uint64_t ns;
};

struct f {
	uint32_t in;
	uint64_t addr, size, count, ns;
};

struct tally {
	struct intern *objects;		/* not owned */
	struct intern *names;
	struct intern *fs;		/* F records, all but their counts */
	struct f *f;
	size_t cap_f;
	struct l *l;
	size_t n_l, cap_l;
	struct statement *statement;	/* of all Ls; behind them those of the L at hand */
	size_t n_statement, cap_statement;
	struct slot {
		uint32_t hash, l_1;	/* the number of an L + 1; 0 is free */
	} *slot;
	size_t mask;
	bool *known;			/* objects that the map has code of */
	size_t n_known, cap_known;
	uint32_t last_file, last_func, last_in;	/* of the record before, which the next one often has too */
};

struct tally *tally_new(struct intern *objects)
{
	struct tally *t = must_calloc(1, sizeof *t);

	t->objects = objects;
	t->names = intern_new();
	t->fs = intern_new();
	t->mask = 1023;
	t->slot = must_calloc(t->mask + 1, sizeof *t->slot);
	return t;
}

void tally_free(struct tally *t)
{
	intern_free(t->names);
	intern_free(t->fs);
	free(t->f);
	free(t->l);
	free(t->statement);
	free(t->slot);
	free(t->known);
	free(t);
}

bool tally_has_l(const struct tally *t)
{
	return t->n_l;
}

bool tally_is_empty(const struct tally *t)
{
	return !t->n_l && !intern_count(t->fs);
}

/* The number of F in NAMES; LAST is that of the one before. */
static uint32_t number(struct intern *names, struct field f, uint32_t *last)
{
	size_t len;
	const char *s = *last < intern_count(names) ? intern_text(names, *last, &len) : NULL;
	bool fresh;

	if (!s || len != f.n || memcmp(s, f.s, len))
		*last = intern_put(names, f.s, f.n, &fresh);
	return *last;
}

/* The number of the object IN, which the map has code of. */
static uint32_t object(struct tally *t, struct field in)
{
	uint32_t id = number(t->objects, in, &t->last_in);

	while (id >= t->n_known) {
		GROW(t->known, t->n_known, t->cap_known);
		t->known[t->n_known++] = false;
	}
	t->known[id] = true;
	return id;
}

bool tally_knows(const struct tally *t, uint32_t id)
{
	return id < t->n_known && t->known[id];
}

/* ---- F ---- */

bool tally_f(struct tally *t, const char *line, size_t len)
{
	struct record_f r;
	uint32_t id;
	bool fresh;

	if (!record_read_f(line, len, &r))
		return false;
	id = intern_put(t->fs, r.key.s, r.key.n, &fresh);
	if (fresh) {
		GROW(t->f, id, t->cap_f);
		t->f[id] = (struct f){ object(t, r.in), r.addr, r.size, 0, 0 };
	}
	count_add(&t->f[id].count, r.count);
	count_add(&t->f[id].ns, r.ns);
	return true;
}

static void write_f(const struct tally *t, uint32_t id, const struct ran_all *all, bool seen, struct out *o)
{
	const struct f *f = &t->f[id];
	struct ran *ran = ran_in(all, f->in);
	uint64_t count = count_sum(f->count, ran_count(ran, f->addr));
	struct field key;

	key.s = intern_text(t->fs, id, &key.n);
	record_put_f_counts(o, key, seen ? count != 0 : count, count_sum(f->ns, ran_ns(ran, f->addr, f->size)));
}

/* ---- L ---- */

/*
 * Where to look for an L.  They come in the order of their addresses, more or less, so slots by
 * address are in the cache, where slots by a hash would miss it each time.  What finds no place in
 * its neighbourhood (many lines may share an address) goes to a slot by its hash.
 */
enum { NEAR = 8 };

static size_t slot_of(const struct tally *t, const struct l *x, size_t step)
{
	size_t near = (size_t)(t->statement[x->first].addr >> 1) + (x->hash & 63);

	return (step < NEAR ? near + step : (size_t)x->hash * 31 + step) & t->mask;
}

static uint32_t hash_of(const struct tally *t, const struct l *x)
{
	const struct statement *s = t->statement + x->first;
	uint64_t h = ((uint64_t)x->file << 32 | x->line) * 0x9e3779b97f4a7c15u;

	h = (h ^ h >> 32 ^ x->func ^ (uint64_t)x->in << 32) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32 ^ s->addr ^ (uint64_t)x->n << 48) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32 ^ s[x->n - 1].addr ^ (uint64_t)s->len << 32) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32);
}

static bool same_l(const struct tally *t, const struct l *x, const struct l *y)
{
	const struct statement *r = t->statement + x->first, *s = t->statement + y->first;

	if (x->n != y->n || x->line != y->line || x->file != y->file || x->func != y->func ||
	    x->in != y->in)
		return false;
	for (uint32_t i = 0; i < x->n; i++)
		if (r[i].addr != s[i].addr || r[i].len != s[i].len)
			return false;
	return true;
}

/* The number of the L that equals X, or T->n_l: then X has its slot now. */
static size_t find_l(struct tally *t, const struct l *x)
{
	for (size_t step = 0;; step++) {
		struct slot *s = &t->slot[slot_of(t, x, step)];

		if (!s->l_1)
			*s = (struct slot){ x->hash, (uint32_t)t->n_l + 1 };
		else if (s->hash != x->hash || !same_l(t, &t->l[s->l_1 - 1], x))
			continue;
		return s->l_1 - 1;
	}
}

static void rehash(struct tally *t)
{
	size_t all = t->n_l;

	t->mask = t->mask * 2 + 1;
	free(t->slot);
	t->slot = must_calloc(t->mask + 1, sizeof *t->slot);
	for (t->n_l = 0; t->n_l < all; t->n_l++) {
		const struct l *x = &t->l[t->n_l];
		size_t step = 0;

		while (t->slot[slot_of(t, x, step)].l_1)
			step++;
		t->slot[slot_of(t, x, step)] = (struct slot){ x->hash, (uint32_t)t->n_l + 1 };
	}
}

/* Adds X, whose N statements with their counts are those behind all others. */
static void add_l(struct tally *t, struct l *x)
{
	struct statement *s;
	size_t i;

	x->first = (uint32_t)t->n_statement;
	x->hash = hash_of(t, x);
	i = find_l(t, x);
	if (i < t->n_l) {
		count_add(&t->l[i].ns, x->ns);
		s = t->statement + t->l[i].first;
		for (uint32_t k = 0; k < x->n; k++)
			s[k].count = count_sum(s[k].count, t->statement[x->first + k].count);
		return;
	}
	if (t->n_l >= UINT32_MAX / 2 || t->n_statement + x->n >= UINT32_MAX)
		die(ST_SYSTEM, "more lines than this program can hold");
	GROW(t->l, t->n_l, t->cap_l);
	t->l[t->n_l++] = *x;
	t->n_statement += x->n;
	if (t->n_l > t->mask / 2)
		rehash(t);
}

/* Puts the statements of an L behind all others; how many, or 0 if they are malformed. */
static uint32_t read_statements(struct tally *t, struct field addrs, uint64_t line_count)
{
	for (uint32_t n = 0; n < UINT32_MAX;) {
		GROW(t->statement, t->n_statement + n, t->cap_statement);
		if (!record_statement(&addrs, line_count, &t->statement[t->n_statement + n++]))
			return 0;
		if (!addrs.n)
			return n;
	}
	return 0;
}

bool tally_l(struct tally *t, const char *line, size_t len)
{
	struct record_l r;
	uint32_t n;

	if (!record_read_l(line, len, &r))
		return false;
	n = read_statements(t, r.addrs, r.count);
	if (!n)
		return false;
	add_l(t, &(struct l){ .file = number(t->names, r.file, &t->last_file), .line = r.line,
			      .func = number(t->names, r.func, &t->last_func), .in = object(t, r.in), .n = n,
			      .ns = r.ns });
	return true;
}

/* A block whose line is "file:number" as a line of one statement, which the block's bytes are. */
static void line_of_block(struct tally *t, const struct blocks *b, const struct block *x)
{
	struct field file, func = { "-", 1 };
	const char *colon;
	uint64_t line;

	if (x->line == NO_TEXT)
		return;
	file.s = blocks_text(b, x->line, &file.n);
	colon = memrchr(file.s, ':', file.n);
	if (!colon || !num_parse_dec(colon + 1, (size_t)(file.s + file.n - colon - 1), &line) || line > UINT32_MAX)
		return;
	file.n = (size_t)(colon - file.s);
	if (x->func != NO_TEXT)
		func.s = blocks_text(b, x->func, &func.n);
	GROW(t->statement, t->n_statement, t->cap_statement);
	t->statement[t->n_statement] = (struct statement){ x->start, 0, (uint32_t)x->size };
	add_l(t, &(struct l){ .file = number(t->names, file, &t->last_file), .line = (uint32_t)line,
			      .func = number(t->names, func, &t->last_func), .in = x->in, .n = 1 });
}

void tally_lines_of_blocks(struct tally *t, const struct blocks *b)
{
	for (size_t i = 0; i < blocks_n(b); i++)
		line_of_block(t, b, blocks_get(b, i));
}

static struct field text(struct intern *names, uint32_t id)
{
	struct field f;

	f.s = intern_text(names, id, &f.n);
	return f;
}

/* The lines of those of the N at W that are in the statement S of L. */
static void find_line(const struct tally *t, const struct l *l, const struct statement *s, struct where *w, size_t n)
{
	size_t i;

	SEARCH(i, n, w[i].in < l->in || (w[i].in == l->in && w[i].addr < s->addr));
	for (; i < n && w[i].in == l->in && w[i].addr - s->addr < s->len; i++) {
		w[i].file = text(t->names, l->file);
		w[i].line = l->line;
	}
}

void tally_find_lines(const struct tally *t, struct where *w, size_t n)
{
	for (size_t i = 0; i < t->n_l; i++)
		for (uint32_t k = 0; k < t->l[i].n; k++)
			find_line(t, &t->l[i], &t->statement[t->l[i].first + k], w, n);
}

static void write_l(const struct tally *t, const struct l *l, const struct ran_all *all, bool seen, struct out *o)
{
	struct statement *s = t->statement + l->first;
	struct ran *ran = ran_in(all, l->in);
	uint64_t max = 0, ns = l->ns;

	for (uint32_t i = 0; i < l->n; i++) {
		s[i].count = count_sum(s[i].count, ran_count(ran, s[i].addr));
		s[i].count = seen ? s[i].count != 0 : s[i].count;
		count_add(&ns, ran_ns(ran, s[i].addr, s[i].len));
		max = s[i].count > max ? s[i].count : max;
	}
	record_put_l(o, &(struct record_l){ .file = text(t->names, l->file), .line = l->line,
					    .func = text(t->names, l->func), .in = text(t->objects, l->in) });
	for (uint32_t i = 0; i < l->n; i++)
		record_put_statement(o, &s[i], max, !i);
	record_put_l_counts(o, max, ns);
}

void tally_write(struct tally *t, const struct ran_all *ran, bool seen, struct out *o)
{
	for (uint32_t id = 0; id < intern_count(t->fs); id++)
		write_f(t, id, ran, seen, o);
	for (size_t i = 0; i < t->n_l; i++)
		write_l(t, &t->l[i], ran, seen, o);
}
