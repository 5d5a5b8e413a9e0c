/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a stream record by record, and appends to it what the objects know.
 * in:  E and T records, facts, and others, which are passed on
 * out: the same; E records annotated, D records after T
 */
#include "filter.h"

#include <stdlib.h>

#include "binary.h"
#include "bytes.h"
#include "die.h"
#include "fact.h"
#include "known.h"
#include "record.h"
#include "tb.h"
#include "unsized.h"
#include "unused.h"

struct filter {
	const struct objects *objects;
	struct places *places;
	struct annotator *annotator;
	struct disas *disas;	/* NULL: none is wanted */
	struct binary *binary;
	struct bytes *bytes;
	struct unsized *unsized;
	struct out *out;
};

struct filter *filter_new(struct objects *objects, struct places *places, struct annotator *a, struct disas *d,
			  struct out *o)
{
	struct filter *f = must_malloc(sizeof *f);

	*f = (struct filter){
		.objects = objects, .places = places, .annotator = a, .disas = d, .out = o,
		.binary = binary_new(objects, places), .bytes = bytes_new(objects, places),
		.unsized = unsized_new(objects, places),
	};
	return f;
}

void filter_free(struct filter *f)
{
	unsized_free(f->unsized);
	bytes_free(f->bytes);
	binary_free(f->binary);
	free(f);
}

static void fact(struct filter *f, struct fact x)
{
	if (fact_means_new_trace(x))
		place_new_trace(f->places);
	if (x.key == FACT_ADDRESS_BITS)
		place_low_halves(f->places, field_is(x.value, "32"));
	if (x.key == FACT_GUEST_ENDIAN && f->disas)
		disas_big_endian(f->disas, field_is(x.value, "big"));
	binary_fact(f->binary, x);
}

static void translated(struct filter *f, const struct tb *tb)
{
	bytes_compare(f->bytes, tb);
	if (f->disas)
		disas_t(f->disas, tb, f->out);
}

/* The fast path for E records; it is for those that are complete. */
static void known(const struct filter *f, struct known *k, struct stream *r)
{
	if (!unsized_any(f->unsized))
		known_run(k, r, f->out);
}

static bool executed(struct filter *f, const char *line, size_t len)
{
	unsized_complete(f->unsized, &line, &len);
	return annotate_e(f->annotator, line, len, f->out);
}

void filter_run(struct filter *f, struct stream *r)
{
	struct known *k = known_new(f->annotator);
	struct tb tb = { .n = 0 };
	char *line;
	size_t len;

	while (known(f, k, r), stream_next(r, &line, &len)) {
		if (record_is(line, len, 'E')) {
			if (!executed(f, line, len))
				stream_malformed(r, line, len);
			continue;
		}
		if (len && line[0] == '#' && !stream_version_ok(r, line, len))
			break;
		if (stream_note(r, line, len) || (r->line == 1 && stream_is_header(line, len)))
			continue;	/* ours is written already, or comes last */
		if (record_is(line, len, 'I') && unsized_fact(f->unsized, fact_read(line, len)))
			continue;
		line[len] = '\n';
		out_mem(f->out, line, len + 1);
		if (record_is(line, len, 'I'))
			fact(f, fact_read(line, len));
		else if (record_is(line, len, 'T') && !tb_parse(&tb, line, len))
			stream_malformed(r, line, len);
		else if (record_is(line, len, 'T'))
			translated(f, &tb);
	}
	tb_free(&tb);
	known_free(k);
}

bool filter_check(const struct filter *f)
{
	bool ok = binary_check(f->binary);

	ok &= unused_check(f->objects, f->places, f->annotator);
	ok &= bytes_check(f->bytes);
	ok &= unsized_check(f->unsized);
	return ok;
}
