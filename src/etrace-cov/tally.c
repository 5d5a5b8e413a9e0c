/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up F and L records.
 *
 * An L is known by its file, line, function and addresses.  Each address keeps a count of its own,
 * because the count of a line is the maximum over them: the maximum of sums is right for many runs
 * merged, the sum of maxima is not.
 *
 * in:  L<TAB>work.c<TAB>9<TAB>collatz<TAB>40201a04+4,40201a4c+12<TAB>0<TAB>0
 * out: L<TAB>work.c<TAB>9<TAB>collatz<TAB>40201a04+4:29,40201a4c+12<TAB>452<TAB>90200
 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "extents.h"
#include "intern.h"
#include "num.h"
#include "stream.h"

struct statement {
	uint64_t addr, count;
	uint32_t len;
} __attribute__((packed, aligned(4)));

struct l {
	uint32_t file, line, func;	/* file and func are numbers in t->names */
	uint32_t n, first, hash;	/* first: of its N statements, in t->statement */
	uint64_t ns;
};

struct f {
	uint64_t addr, size, count, ns;
};

struct tally {
	struct intern *names;
	struct intern *fs;
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
	struct extents *code;		/* what the map has code in; made when first asked for */
	uint32_t last_file, last_func;	/* names of the L before, which the next one often has too */
};

struct tally *tally_new(void)
{
	struct tally *t = must_calloc(1, sizeof *t);

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
	extents_free(t->code);
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

/* ---- F ---- */

bool tally_f(struct tally *t, const char *line, size_t len)
{
	struct field f[8];
	uint64_t addr, size, count, ns;
	uint32_t id;
	bool fresh;

	if (record_split(line, len, f, 8) != 8 || !num_parse_hex(f[4].s, f[4].n, &addr) ||
	    !num_parse_dec(f[5].s, f[5].n, &size) || !num_parse_dec(f[6].s, f[6].n, &count) ||
	    !num_parse_dec(f[7].s, f[7].n, &ns))
		return false;
	id = intern_put(t->fs, f[1].s, (size_t)(f[5].s + f[5].n - f[1].s), &fresh);
	if (fresh) {
		GROW(t->f, id, t->cap_f);
		t->f[id] = (struct f){ addr, size, 0, 0 };
	}
	count_add(&t->f[id].count, count);
	count_add(&t->f[id].ns, ns);
	return true;
}

static void write_f(const struct tally *t, uint32_t id, struct blocks *b, bool seen, struct out *o)
{
	const struct f *f = &t->f[id];
	uint64_t count = count_sum(f->count, blocks_count_at(b, f->addr));
	size_t len;
	const char *key = intern_text(t->fs, id, &len);

	out_str(o, "F\t");
	out_mem(o, key, len);
	out_char(o, '\t');
	out_dec(o, seen ? count != 0 : count);
	out_char(o, '\t');
	out_dec(o, count_sum(f->ns, blocks_ns_in(b, f->addr, f->size)));
	out_char(o, '\n');
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

	h = (h ^ h >> 32 ^ x->func) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32 ^ s->addr ^ (uint64_t)x->n << 48) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32 ^ s[x->n - 1].addr ^ (uint64_t)s->len << 32) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32);
}

static bool same_l(const struct tally *t, const struct l *x, const struct l *y)
{
	const struct statement *r = t->statement + x->first, *s = t->statement + y->first;

	if (x->n != y->n || x->line != y->line || x->file != y->file || x->func != y->func)
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

/* "ADDR+LEN" or "ADDR+LEN:COUNT" at *P, which moves behind it; without a COUNT it stays as it is. */
static bool parse_statement(const char **p, const char *end, struct statement *x)
{
	const char *s = *p, *plus = memchr(s, '+', (size_t)(end - s)), *stop = plus;
	uint64_t addr, len, count = x->count;

	if (!plus || !num_parse_hex(s, (size_t)(plus - s), &addr))
		return false;
	while (++stop < end && *stop != ',' && *stop != ':')
		;
	if (!num_parse_dec(plus + 1, (size_t)(stop - plus - 1), &len) || len > UINT32_MAX)
		return false;
	if (stop < end && *stop == ':') {
		s = stop + 1;
		stop = memchr(s, ',', (size_t)(end - s));
		stop = stop ? stop : end;
		if (!num_parse_dec(s, (size_t)(stop - s), &count))
			return false;
	}
	*x = (struct statement){ addr, count, (uint32_t)len };
	*p = stop;
	return true;
}

/* Puts the statements of an L behind all others; how many, or 0. */
static uint32_t parse_statements(struct tally *t, struct field f, uint64_t line_count)
{
	const char *s = f.s, *end = f.s + f.n;

	for (uint32_t n = 0; n < UINT32_MAX; s++) {
		struct statement *x;

		GROW(t->statement, t->n_statement + n, t->cap_statement);
		x = &t->statement[t->n_statement + n++];
		x->count = line_count;
		if (!parse_statement(&s, end, x))
			return 0;
		if (s == end)
			return n;
	}
	return 0;
}

static uint32_t name(struct tally *t, struct field f, uint32_t *last)
{
	size_t len;
	const char *s = intern_count(t->names) ? intern_text(t->names, *last, &len) : NULL;
	bool fresh;

	if (!s || len != f.n || memcmp(s, f.s, len))
		*last = intern_put(t->names, f.s, f.n, &fresh);
	return *last;
}

bool tally_l(struct tally *t, const char *line, size_t len)
{
	struct field f[7];
	uint64_t no, count, ns;
	uint32_t n;

	if (record_split(line, len, f, 7) != 7 || !num_parse_dec(f[2].s, f[2].n, &no) || no > UINT32_MAX ||
	    !num_parse_dec(f[5].s, f[5].n, &count) || !num_parse_dec(f[6].s, f[6].n, &ns))
		return false;
	n = parse_statements(t, f[4], count);
	if (!n)
		return false;
	add_l(t, &(struct l){ .file = name(t, f[1], &t->last_file), .line = (uint32_t)no,
			      .func = name(t, f[3], &t->last_func), .n = n, .ns = ns });
	return true;
}

bool tally_explains(struct tally *t, uint64_t start, uint64_t size)
{
	if (!t->code) {
		t->code = extents_new(intern_count(t->fs) + t->n_statement);
		for (uint32_t i = 0; i < intern_count(t->fs); i++)
			extents_add(t->code, extent_of(t->f[i].addr, t->f[i].size));
		for (size_t i = 0; i < t->n_statement; i++) {
			const struct statement *s = &t->statement[i];

			extents_add(t->code, extent_of(s->addr, s->len));
		}
		extents_settle(t->code);
	}
	return extents_meet(t->code, extent_of(start, size));
}

/* A block whose place is "file:line" as a line of one statement, which the block's bytes are. */
static void line_of_block(struct tally *t, const struct blocks *b, const struct block *x)
{
	struct field file, func = { "-", 1 };
	const char *colon;
	uint64_t line;

	if (x->place == NO_TEXT)
		return;
	file.s = blocks_text(b, x->place, &file.n);
	colon = memrchr(file.s, ':', file.n);
	if (!colon || !num_parse_dec(colon + 1, (size_t)(file.s + file.n - colon - 1), &line) || line > UINT32_MAX)
		return;
	file.n = (size_t)(colon - file.s);
	if (x->func != NO_TEXT)
		func.s = blocks_text(b, x->func, &func.n);
	GROW(t->statement, t->n_statement, t->cap_statement);
	t->statement[t->n_statement] = (struct statement){ x->start, 0, (uint32_t)x->size };
	add_l(t, &(struct l){ .file = name(t, file, &t->last_file), .line = (uint32_t)line,
			      .func = name(t, func, &t->last_func), .n = 1 });
}

void tally_lines_of_blocks(struct tally *t, const struct blocks *b)
{
	for (size_t i = 0; i < blocks_n(b); i++)
		line_of_block(t, b, blocks_get(b, i));
}

static void put_name(const struct tally *t, uint32_t id, struct out *o)
{
	size_t len;
	const char *s = intern_text(t->names, id, &len);

	out_mem(o, s, len);
	out_char(o, '\t');
}

static void put_statement(const struct statement *s, uint64_t line_count, char after, struct out *o)
{
	char *p = out_room(o, 4 * NUM_MAX);

	p = num_hex(p, s->addr);
	*p++ = '+';
	p = num_dec(p, s->len);
	if (s->count != line_count) {
		*p++ = ':';
		p = num_dec(p, s->count);
	}
	*p++ = after;
	out_upto(o, p);
}

static void write_l(const struct tally *t, const struct l *l, struct blocks *b, bool seen, struct out *o)
{
	struct statement *s = t->statement + l->first;
	uint64_t max = 0, ns = l->ns;

	for (uint32_t i = 0; i < l->n; i++) {
		s[i].count = count_sum(s[i].count, blocks_count_at(b, s[i].addr));
		s[i].count = seen ? s[i].count != 0 : s[i].count;
		count_add(&ns, blocks_ns_in(b, s[i].addr, s[i].len));
		max = s[i].count > max ? s[i].count : max;
	}
	out_str(o, "L\t");
	put_name(t, l->file, o);
	out_dec(o, l->line);
	out_char(o, '\t');
	put_name(t, l->func, o);
	for (uint32_t i = 0; i < l->n; i++)
		put_statement(&s[i], max, i + 1 < l->n ? ',' : '\t', o);
	out_dec(o, max);
	out_char(o, '\t');
	out_dec(o, ns);
	out_char(o, '\n');
}

void tally_write(struct tally *t, struct blocks *b, bool seen, struct out *o)
{
	for (uint32_t id = 0; id < intern_count(t->fs); id++)
		write_f(t, id, b, seen, o);
	for (size_t i = 0; i < t->n_l; i++)
		write_l(t, &t->l[i], b, seen, o);
}
