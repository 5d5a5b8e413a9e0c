/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text columns: a count, an address, its symbol and its source line, in the order of the input.
 * in:  E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 * out:          1         40201a4c  collatz+88                       work.c:9
 *
 * Where the stream tells only what was seen, the count is "seen", or 0.
 */
#include <string.h>

#include "fact.h"
#include "fmt.h"
#include "num.h"

enum { E_FIELDS = 9, E_MIN = 7, E_MAX = 10, L_FIELDS = 7 };

struct row {
	struct field count, addr, func, file, line;
};

static const struct field unknown = { "-", 1 }, seen = { "seen", 4 };

/* Where rows go. */
struct sheet {
	struct out *o;
	struct paths *paths;	/* NULL when files are as they are in the stream */
	bool seen;		/* counts are only 0 or 1 */
};

/* Writes "file:line". */
static void put_place(const struct sheet *s, const struct row *r)
{
	struct out *o = s->o;

	if (s->paths && !field_is(r->file, "-")) {
		const char *text = paths_text(s->paths, paths_look(s->paths, r->file.s, r->file.n)->id);

		out_field(o, text, strlen(text));
	} else {
		out_mem(o, r->file.s, r->file.n);
	}
	if (r->line.n) {
		out_char(o, ':');
		out_mem(o, r->line.s, r->line.n);
	}
	out_char(o, '\n');
}

static bool excluded(struct paths *paths, const struct row *r)
{
	uint64_t line;

	return num_parse_dec(r->line.s, r->line.n, &line) && line <= UINT32_MAX &&
	       path_excluded(paths, paths_look(paths, r->file.s, r->file.n), (uint32_t)line);
}

/* False if the numbers are none. */
static bool put_row(const struct sheet *s, const struct row *r)
{
	uint64_t count = 1, addr;
	bool only_seen = field_is(r->count, "-");
	struct field shown = r->count;
	struct out *o = s->o;

	if ((!only_seen && !num_parse_dec(r->count.s, r->count.n, &count)) ||
	    !num_parse_hex(r->addr.s, r->addr.n, &addr))
		return false;
	if (s->paths && excluded(s->paths, r))
		return true;
	if (only_seen || (s->seen && count))
		shown = seen;
	fmt_right(o, shown.s, shown.n, 10);
	out_char(o, ' ');
	fmt_right(o, r->addr.s, r->addr.n, 16);
	out_str(o, "  ");
	fmt_left(o, r->func.s, r->func.n, 32);
	out_char(o, ' ');
	put_place(s, r);
	return true;
}

static struct field from_to(const char *from, const char *to)
{
	return (struct field){ from, (size_t)(to - from) };
}

static bool put_block(const struct sheet *s, const char *rec, size_t len)
{
	struct field f[E_FIELDS] = { [7] = unknown, [8] = unknown };
	size_t n = record_split(rec, len, f, E_FIELDS);
	struct row r = { f[5], f[3], f[7], f[8], { "", 0 } };
	const char *colon = memrchr(r.file.s, ':', r.file.n);

	if (n < E_MIN || n > E_MAX)
		return false;
	if (colon) {
		r.line = from_to(colon + 1, r.file.s + r.file.n);
		r.file = from_to(r.file.s, colon);
	}
	return put_row(s, &r);
}

/* Splits "ADDR+LEN:COUNT" or "ADDR+LEN", in which case the count is as it was. */
static bool parse_addr(struct field item, struct row *r)
{
	const char *end = item.s + item.n, *plus = memchr(item.s, '+', item.n), *colon;
	struct field size;
	uint64_t v;

	if (!plus)
		return false;
	colon = memchr(plus, ':', (size_t)(end - plus));
	r->addr = from_to(item.s, plus);
	size = from_to(plus + 1, colon ? colon : end);
	if (colon)
		r->count = from_to(colon + 1, end);
	return num_parse_dec(size.s, size.n, &v);
}

/* The addresses of a source line. */
static bool put_line(const struct sheet *s, const char *rec, size_t len)
{
	struct field f[L_FIELDS];
	const char *at, *end, *comma;

	if (record_split(rec, len, f, L_FIELDS) != L_FIELDS)
		return false;
	if (field_is(f[4], "-"))
		return true;
	for (at = f[4].s, end = at + f[4].n; at; at = comma ? comma + 1 : NULL) {
		struct row r = { .count = f[5], .func = f[3], .file = f[1], .line = f[2] };

		comma = memchr(at, ',', (size_t)(end - at));
		if (!parse_addr(from_to(at, comma ? comma : end), &r) || !put_row(s, &r))
			return false;
	}
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
				stream_malformed(in, rec, len, "an E record is: E cpu time start size count ns ...");
		} else if (record_is(rec, len, 'L')) {
			if (!put_line(&s, rec, len))
				stream_malformed(in, rec, len, "an L record is: L file line func addrs count ns");
		} else if (record_is(rec, len, 'I') && !stream_note(in, rec, len)) {
			s.seen = s.seen || fact_means_seen(fact_read(rec, len));
		} else if (len && *rec == '#' && !stream_version_ok(in, rec, len)) {
			break;
		}
	}
}

const struct fmt fmt_etrace = {
	.name = "etrace", .what = "text columns: count, address, symbol, file:line", .stream = stream,
};
