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

#include "die.h"
#include "map.h"
#include "num.h"
#include "rec.h"

/* The key of an L in its map: this, then its statements. */
struct l_head {
	uint32_t file, line, func;
};

struct statement {
	uint64_t addr;
	uint32_t len;
} __attribute__((packed, aligned(4)));

struct l {
	uint64_t ns;
	size_t first;		/* its first statement's count, in t->count */
};

struct f {
	uint64_t count, ns;
};

struct tally {
	struct map *names;
	struct map *ls, *fs;
	struct l *l;
	struct f *f;
	size_t cap_l, cap_f;
	uint64_t *count;	/* of the statements of all Ls */
	size_t n_count, cap_count;
	uint32_t *key;		/* scratch: the key of the L at hand, and the counts of its statements */
	uint64_t *given;
	size_t cap_key, cap_given;
};

struct tally *tally_new(void)
{
	struct tally *t = must_calloc(1, sizeof *t);

	t->names = map_new();
	t->ls = map_new();
	t->fs = map_new();
	return t;
}

void tally_free(struct tally *t)
{
	map_free(t->names);
	map_free(t->ls);
	map_free(t->fs);
	free(t->l);
	free(t->f);
	free(t->count);
	free(t->key);
	free(t->given);
	free(t);
}

bool tally_has_l(const struct tally *t)
{
	return map_count(t->ls);
}

bool tally_is_empty(const struct tally *t)
{
	return !map_count(t->ls) && !map_count(t->fs);
}

/* ---- F ---- */

bool tally_f(struct tally *t, const char *line, size_t len)
{
	struct field f[8];
	uint64_t addr, size, count, ns;
	uint32_t id;
	bool fresh;

	if (rec_split(line, len, f, 8) != 8 || !num_parse_hex(f[4].s, f[4].n, &addr) ||
	    !num_parse_dec(f[5].s, f[5].n, &size) || !num_parse_dec(f[6].s, f[6].n, &count) ||
	    !num_parse_dec(f[7].s, f[7].n, &ns))
		return false;
	id = map_put(t->fs, f[1].s, (size_t)(f[5].s + f[5].n - f[1].s), &fresh);
	if (fresh) {
		GROW(t->f, id, t->cap_f);
		t->f[id] = (struct f){ 0, 0 };
	}
	t->f[id].count += count;
	t->f[id].ns += ns;
	return true;
}

static void write_f(const struct tally *t, uint32_t id, const struct blocks *b, bool seen, struct out *o)
{
	size_t len;
	const char *key = map_text(t->fs, id, &len);
	struct field f[5];
	uint64_t addr = 0, size = 0, count;

	rec_split(key, len, f, 5);
	num_parse_hex(f[3].s, f[3].n, &addr);
	num_parse_dec(f[4].s, f[4].n, &size);
	count = t->f[id].count + blocks_count_at(b, addr);
	out_str(o, "F\t");
	out_mem(o, key, len);
	out_char(o, '\t');
	out_dec(o, seen ? count != 0 : count);
	out_char(o, '\t');
	out_dec(o, t->f[id].ns + blocks_ns_in(b, addr, addr + size));
	out_char(o, '\n');
}

/* ---- L ---- */

/* "ADDR+LEN" or "ADDR+LEN:COUNT"; without a COUNT it is the line's. */
static bool parse_statement(const char *s, const char *end, struct statement *x, uint64_t *count)
{
	const char *plus = memchr(s, '+', (size_t)(end - s)), *colon = memchr(s, ':', (size_t)(end - s));
	const char *len_end = colon ? colon : end;
	uint64_t addr, len;

	if (!plus || plus > len_end || !num_parse_hex(s, (size_t)(plus - s), &addr) ||
	    !num_parse_dec(plus + 1, (size_t)(len_end - plus - 1), &len) || len > UINT32_MAX)
		return false;
	x->addr = addr;
	x->len = (uint32_t)len;
	return !colon || num_parse_dec(colon + 1, (size_t)(end - colon - 1), count);
}

enum { HEAD_WORDS = sizeof(struct l_head) / 4, STMT_WORDS = sizeof(struct statement) / 4 };

static void room_for(struct tally *t, size_t n)
{
	if (HEAD_WORDS + (n + 1) * STMT_WORDS > t->cap_key) {
		t->cap_key = (HEAD_WORDS + (n + 1) * STMT_WORDS) * 2;
		t->key = must_realloc(t->key, t->cap_key, sizeof *t->key);
	}
	GROW(t->given, n, t->cap_given);
}

/* The statements of an L into t->key and t->given; how many, or -1. */
static long parse_statements(struct tally *t, struct field f, uint64_t line_count)
{
	const char *s = f.s, *end = f.s + f.n;
	size_t n = 0;

	for (;; n++) {
		const char *comma = memchr(s, ',', (size_t)(end - s)), *stop = comma ? comma : end;
		struct statement x;

		room_for(t, n);
		t->given[n] = line_count;
		if (!parse_statement(s, stop, &x, &t->given[n]))
			return -1;
		memcpy(t->key + HEAD_WORDS + n * STMT_WORDS, &x, sizeof x);
		if (!comma)
			return (long)n + 1;
		s = comma + 1;
	}
}

static uint32_t name(struct tally *t, struct field f)
{
	bool fresh;

	return map_put(t->names, f.s, f.n, &fresh);
}

/* Adds what is in t->key and t->given. */
static void add_l(struct tally *t, struct l_head head, size_t n, uint64_t ns)
{
	bool fresh;
	uint32_t id;

	memcpy(t->key, &head, sizeof head);
	id = map_put(t->ls, (const char *)t->key, sizeof head + n * sizeof(struct statement), &fresh);
	if (fresh) {
		GROW(t->l, id, t->cap_l);
		t->l[id] = (struct l){ 0, t->n_count };
		for (size_t i = 0; i < n; i++) {
			GROW(t->count, t->n_count, t->cap_count);
			t->count[t->n_count++] = 0;
		}
	}
	t->l[id].ns += ns;
	for (size_t i = 0; i < n; i++)
		t->count[t->l[id].first + i] += t->given[i];
}

bool tally_l(struct tally *t, const char *line, size_t len)
{
	struct field f[7];
	uint64_t no, count, ns;
	long n;

	if (rec_split(line, len, f, 7) != 7 || !num_parse_dec(f[2].s, f[2].n, &no) || no > UINT32_MAX ||
	    !num_parse_dec(f[5].s, f[5].n, &count) || !num_parse_dec(f[6].s, f[6].n, &ns))
		return false;
	n = parse_statements(t, f[4], count);
	if (n < 0)
		return false;
	add_l(t, (struct l_head){ name(t, f[1]), (uint32_t)no, name(t, f[3]) }, (size_t)n, ns);
	return true;
}

/* A block whose place is "file:line" as a line of one statement, which the block's bytes are. */
static bool line_of_block(struct tally *t, const struct blocks *b, const struct block *x)
{
	struct statement s = { x->start, (uint32_t)x->size };
	struct field file, func = { "-", 1 };
	const char *colon;
	uint64_t line;

	if (x->place == NO_TEXT)
		return false;
	file.s = blocks_text(b, x->place, &file.n);
	colon = memrchr(file.s, ':', file.n);
	if (!colon || !num_parse_dec(colon + 1, (size_t)(file.s + file.n - colon - 1), &line) || line > UINT32_MAX)
		return false;
	file.n = (size_t)(colon - file.s);
	if (x->func != NO_TEXT)
		func.s = blocks_text(b, x->func, &func.n);
	room_for(t, 0);
	memcpy(t->key + HEAD_WORDS, &s, sizeof s);
	t->given[0] = 0;
	add_l(t, (struct l_head){ name(t, file), (uint32_t)line, name(t, func) }, 1, 0);
	return true;
}

void tally_lines_of_blocks(struct tally *t, const struct blocks *b)
{
	for (size_t i = 0; i < blocks_n(b); i++)
		line_of_block(t, b, blocks_get(b, i));
}

static void put_name(const struct tally *t, uint32_t id, struct out *o)
{
	size_t len;
	const char *s = map_text(t->names, id, &len);

	out_mem(o, s, len);
	out_char(o, '\t');
}

static void write_l(const struct tally *t, uint32_t id, const struct blocks *b, bool seen, struct out *o)
{
	size_t len, n;
	const char *key = map_text(t->ls, id, &len);
	uint64_t max = 0, ns = t->l[id].ns, *count = t->count + t->l[id].first;
	struct l_head head;
	struct statement s;

	memcpy(&head, key, sizeof head);
	n = (len - sizeof head) / sizeof s;
	for (size_t i = 0; i < n; i++) {
		memcpy(&s, key + sizeof head + i * sizeof s, sizeof s);
		count[i] += blocks_count_at(b, s.addr);
		count[i] = seen ? count[i] != 0 : count[i];
		ns += blocks_ns_in(b, s.addr, s.addr + s.len);
		max = count[i] > max ? count[i] : max;
	}
	out_str(o, "L\t");
	put_name(t, head.file, o);
	out_dec(o, head.line);
	out_char(o, '\t');
	put_name(t, head.func, o);
	for (size_t i = 0; i < n; i++) {
		char *p = out_room(o, 4 * NUM_MAX);

		memcpy(&s, key + sizeof head + i * sizeof s, sizeof s);
		if (i)
			*p++ = ',';
		p = num_hex(p, s.addr);
		*p++ = '+';
		p = num_dec(p, s.len);
		if (count[i] != max) {
			*p++ = ':';
			p = num_dec(p, count[i]);
		}
		out_upto(o, p);
	}
	out_char(o, '\t');
	out_dec(o, max);
	out_char(o, '\t');
	out_dec(o, ns);
	out_char(o, '\n');
}

void tally_write(const struct tally *t, const struct blocks *b, bool seen, struct out *o)
{
	for (uint32_t id = 0; id < map_count(t->fs); id++)
		write_f(t, id, b, seen, o);
	for (uint32_t id = 0; id < map_count(t->ls); id++)
		write_l(t, id, b, seen, o);
}
