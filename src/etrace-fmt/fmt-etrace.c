/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text columns: a count, an address, its symbol, its source line and its object, in the order of the input.
 * in:  E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 * out:          1         40201a4c  collatz+88                       work.c:9 [fw.elf]
 *
 * Where the stream tells only what was seen, the count is "seen", or 0.  Of what is in no ELF file it says, as U records
 * do, what that is.
 */
#include <string.h>

#include "fact.h"
#include "fmt.h"
#include "memory.h"
#include "num.h"
#include "token.h"

struct row {
	uint64_t count, addr;
	bool counted, placed;	/* the count is known; the address */
	uint32_t line;		/* 0: not known */
	struct field func, file, in;
};

/* Where rows go. */
struct sheet {
	struct out *o;
	struct paths *paths;	/* NULL when files are as they are in the stream */
	struct memory *memory;	/* of the trace at hand */
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
	bool brackets = in.n && *in.s == '[';

	out_str(o, brackets ? " " : " [");
	out_mem(o, in.s, in.n);
	if (!brackets)
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
	if (r->placed)
		p = right(p, ADDR_WIDTH, text, (size_t)(num_hex(text, r->addr) - text));
	else
		p = right(p, ADDR_WIDTH, "-", 1);
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
	struct row r = { .placed = true };

	if (!record_read_e(rec, len, &e))
		return false;
	r.count = e.count;
	r.counted = e.count_known;
	r.addr = e.start;
	r.in = e.in;
	if (record_is_unplaced(&e))
		memory_at(s->memory, e.start, &r.in, &r.addr);
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
		put_row(s, &(struct row){ x.count, x.addr, true, true, l.line, l.func, l.file, l.in });
	} while (l.addrs.n);
	return true;
}

/* A range of unexplained code. */
static bool put_range(const struct sheet *s, const char *rec, size_t len)
{
	struct record_u u;

	if (!record_read_u(rec, len, &u))
		return false;
	put_row(s, &(struct row){ u.count, u.lo, true, u.placed, 0, field_of("(unexplained)"),
					  field_of("-"), u.what });
	return true;
}

/* What else is known of the trace. */
static void note(struct sheet *s, struct fact f)
{
	s->seen = s->seen || fact_means_seen(f);
	if (fact_means_new_trace(f)) {
		memory_free(s->memory);
		s->memory = memory_new();
	}
}

/* Shows a record of KIND.  False if it is malformed. */
static bool show(struct sheet *s, char kind, const char *rec, size_t len)
{
	switch (kind) {
	case 'E': return put_block(s, rec, len);
	case 'G': return memory_add(s->memory, rec, len);
	case 'L': return put_line(s, rec, len);
	case 'U': return put_range(s, rec, len);
	}
	return true;
}

static void stream(struct stream *in, struct paths *paths, struct out *o)
{
	struct sheet s = { .o = o, .paths = paths_plain(paths) ? NULL : paths, .memory = memory_new() };
	char *rec;
	size_t len;

	while (stream_next(in, &rec, &len)) {
		if (len && *rec == '#') {
			if (!stream_version_ok(in, rec, len))
				break;
		} else if (record_is(rec, len, 'I')) {
			if (!stream_note(in, rec, len))
				note(&s, fact_read(rec, len));
		} else if (len > 1 && rec[1] == '\t' && !show(&s, rec[0], rec, len)) {
			stream_malformed(in, rec, len);
		}
	}
	memory_free(s.memory);
}

const struct fmt fmt_etrace = {
	.name = "etrace", .what = "text columns: count, address, symbol, file:line, [ELF file]", .stream = stream,
};
