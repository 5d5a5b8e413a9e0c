/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text columns: a count, an address, its symbol, its source line and its object, in the order of the input.
 * in:  E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 * out:          1         40201a4c  collatz+88                       work.c:9 [fw.elf]
 *
 * Where the stream tells only what was seen, the count is "seen", or 0.
 */
#include <string.h>

#include "fact.h"
#include "fmt.h"
#include "num.h"
#include "token.h"

struct row {
	uint64_t count, addr;
	bool counted;		/* the count is known */
	uint32_t line;		/* 0: not known */
	struct field func, file, in;
};

/* Where rows go. */
struct sheet {
	struct out *o;
	struct paths *paths;	/* NULL when files are as they are in the stream */
	bool seen;		/* counts are only 0 or 1 */
};

static void put_file(const struct sheet *s, struct field file)
{
	if (s->paths && !field_is(file, "-")) {
		const char *text = paths_text(s->paths, paths_look(s->paths, file.s, file.n)->id);

		out_field(s->o, text, strlen(text));
	} else {
		out_mem(s->o, file.s, file.n);
	}
}

/* Left of etrace-sym it is a token of the block's bytes, of no use to people. */
static bool is_object(struct field in)
{
	return !field_is(in, "-") && !(in.n == TOKEN_MAX && *in.s == ':');
}

static void put_object(struct out *o, struct field in)
{
	out_str(o, " [");
	out_mem(o, in.s, in.n);
	out_char(o, ']');
}

enum { COUNT_WIDTH = 10, ADDR_WIDTH = 16, FUNC_WIDTH = 32, HEAD_MAX = 2 * NUM_MAX + sizeof "   " };

/* The N digits at TEXT, after spaces that make them WIDTH wide; returns the end. */
static char *right(char *p, size_t width, const char *text, size_t n)
{
	size_t spaces = n < width ? width - n : 0;

	memset(p, ' ', spaces);
	return mempcpy(p + spaces, text, n);
}

/* The count and the address. */
static void put_head(const struct sheet *s, const struct row *r)
{
	char *p = out_room(s->o, HEAD_MAX), text[NUM_MAX];

	if (!r->counted || (s->seen && r->count))
		p = right(p, COUNT_WIDTH, "seen", 4);
	else
		p = right(p, COUNT_WIDTH, text, (size_t)(num_dec(text, r->count) - text));
	*p++ = ' ';
	p = right(p, ADDR_WIDTH, text, (size_t)(num_hex(text, r->addr) - text));
	*p++ = ' ';
	*p++ = ' ';
	out_upto(s->o, p);
}

static void put_row(const struct sheet *s, const struct row *r)
{
	struct out *o = s->o;

	if (s->paths && r->line && path_excluded(s->paths, paths_look(s->paths, r->file.s, r->file.n), r->line))
		return;
	put_head(s, r);
	fmt_left(o, r->func.s, r->func.n, FUNC_WIDTH);
	out_char(o, ' ');
	put_file(s, r->file);
	if (r->line) {
		out_char(o, ':');
		out_dec(o, r->line);
	}
	if (is_object(r->in))
		put_object(o, r->in);
	out_char(o, '\n');
}

/* Takes "file:line" apart; what is not that is all a file. */
static void split_line(struct field place, struct row *r)
{
	const char *end = place.s + place.n, *colon = memrchr(place.s, ':', place.n);
	uint64_t line;

	r->file = place;
	if (!colon || !num_parse_dec(colon + 1, (size_t)(end - colon - 1), &line) || line > UINT32_MAX)
		return;
	r->file.n = (size_t)(colon - place.s);
	r->line = (uint32_t)line;
}

/* False if it is malformed. */
static bool put_block(const struct sheet *s, const char *rec, size_t len)
{
	const struct field unknown = field_of("-");
	struct record_e e;
	struct row r = { .line = 0 };

	if (!record_read_e(rec, len, &e))
		return false;
	r.count = e.count;
	r.counted = e.count_known;
	r.addr = e.start;
	r.in = e.in;
	r.func = e.place.n ? e.place : unknown;
	split_line(e.line.n ? e.line : unknown, &r);
	put_row(s, &r);
	return true;
}

/* The statements of a source line. */
static bool put_line(const struct sheet *s, const char *rec, size_t len)
{
	struct record_l l;
	struct statement x;

	if (!record_read_l(rec, len, &l))
		return false;
	do {
		if (!record_statement(&l.addrs, l.count, &x))
			return false;
		put_row(s, &(struct row){ x.count, x.addr, true, l.line, l.func, l.file, l.in });
	} while (l.addrs.n);
	return true;
}

static void stream(struct stream *in, struct paths *paths, struct out *o)
{
	struct sheet s = { .o = o, .paths = paths_plain(paths) ? NULL : paths };
	char *rec;
	size_t len;

	while (stream_next(in, &rec, &len)) {
		if (record_is(rec, len, 'E')) {
			if (!put_block(&s, rec, len))
				stream_malformed(in, rec, len);
		} else if (record_is(rec, len, 'L')) {
			if (!put_line(&s, rec, len))
				stream_malformed(in, rec, len);
		} else if (record_is(rec, len, 'I') && !stream_note(in, rec, len)) {
			s.seen = s.seen || fact_means_seen(fact_read(rec, len));
		} else if (len && *rec == '#' && !stream_version_ok(in, rec, len)) {
			break;
		}
	}
}

const struct fmt fmt_etrace = {
	.name = "etrace", .what = "text columns: count, address, symbol, file:line, [ELF file]", .stream = stream,
};
