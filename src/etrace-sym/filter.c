/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a stream record by record, and appends to it what the objects know.
 * in:  E and T records, facts, and others, which are passed on
 * out: the same; E records annotated, D records after T
 */
#include "filter.h"

#include <stdlib.h>

#include "binary.h"
#include "blocks.h"
#include "die.h"
#include "fact.h"
#include "find.h"
#include "known.h"
#include "mismatch.h"
#include "record.h"
#include "tb.h"
#include "unsized.h"
#include "unused.h"
#include "walked.h"

struct filter {
	struct filter_parts p;
	struct binary *binary;
	struct find *find;
	struct mismatch *mismatch;
	struct unsized *unsized;
	/* Of the trace at hand: */
	bool low_halves;	/* its addresses are cut */
	bool unordered;		/* its blocks come last, in no order */
	bool unsearched;	/* there are new blocks that are nowhere */
	bool settled;		/* they were searched for, as the last ones */
};

struct filter *filter_new(const struct filter_parts *parts)
{
	struct filter *f = must_calloc(1, sizeof *f);

	f->p = *parts;
	f->binary = binary_new(f->p.objects, f->p.places);
	f->find = find_new(f->p.objects, f->p.places, f->p.blocks);
	f->mismatch = mismatch_new(f->p.objects);
	f->unsized = unsized_new(f->p.objects, f->p.places);
	return f;
}

void filter_free(struct filter *f)
{
	unsized_free(f->unsized);
	find_free(f->find);
	mismatch_free(f->mismatch);
	binary_free(f->binary);
	free(f);
}

/* Searches for the objects of blocks that are nowhere yet; LAST as in find.h. */
static void search(struct filter *f, bool last)
{
	f->unsearched = false;
	f->settled = last;
	if (find_run(f->find, last))
		annotate_late(f->p.annotator, f->p.out);
}

static void end_trace(struct filter *f)
{
	if (f->unsearched || !f->settled)
		search(f, true);
	mismatch_trace(f->mismatch, f->p.places, f->p.blocks);
}

static void new_trace(struct filter *f)
{
	end_trace(f);
	annotate_new_trace(f->p.annotator);
	place_new_trace(f->p.places);
	blocks_clear(f->p.blocks);
	find_clear(f->find);
	f->low_halves = f->unordered = f->unsearched = f->settled = false;
}

static void fact(struct filter *f, struct fact x)
{
	f->unordered |= fact_means_unordered(x) || fact_means_folded(x);
	if (x.key == FACT_ADDRESS_BITS) {
		f->low_halves = field_is(x.value, "32");
		place_low_halves(f->p.places, f->low_halves);
	}
	if (x.key == FACT_GUEST_ENDIAN && f->p.disas)
		disas_big_endian(f->p.disas, field_is(x.value, "big"));
	binary_fact(f->binary, x);
}

/* The block TB is placed, or will be. */
static void place(struct filter *f, const struct tb *tb)
{
	bool fresh;
	uint32_t i = blocks_add(f->p.blocks, tb, &fresh);

	if (!fresh)
		return;
	place_block(f->p.places, f->p.blocks, i);
	if (blocks_get(f->p.blocks, i)->at)
		return;
	find_add(f->find, i);
	f->unsearched = true;
}

static void translated(struct filter *f, const struct tb *tb)
{
	if (tb->n && !f->low_halves)
		place(f, tb);
	if (f->p.disas)
		disas_t(f->p.disas, tb, f->p.out);
}

static bool mapping(struct filter *f, const char *line, size_t len)
{
	struct record_g g;

	if (!record_read_g(line, len, &g))
		return false;
	mapped_g(f->p.mapped, &g);
	return true;
}

/* Where E records come last, all blocks are known before the first one.  Elsewhere a search now and then will do. */
static void before_e(struct filter *f)
{
	if (f->unsearched && (f->unordered || find_is_due(f->find)))
		search(f, f->unordered);
}

/* The fast path for E records; it is for those that are complete. */
static void known(struct filter *f, struct known *k, struct stream *r)
{
	if (unsized_any(f->unsized))
		return;
	if (r->in.pos < r->in.end && r->in.buf[r->in.pos] == 'E')
		before_e(f);
	known_run(k, r, f->p.out);
}

/* E, W and J records say what was executed. */
static bool is_executed(const char *line, size_t len)
{
	return record_is(line, len, 'E') || record_is(line, len, 'W') || record_is(line, len, 'J');
}

static bool executed(struct filter *f, struct walked *w, const char *line, size_t len)
{
	before_e(f);
	if (*line == 'W')
		return walked_w(w, line, len, f->p.out);
	if (*line == 'J')
		return walked_j(w, line, len, f->unsized, f->p.out);
	unsized_complete(f->unsized, &line, &len);
	return annotate_e(f->p.annotator, line, len, f->p.out);
}

/* Before LINE is passed on: if it begins a trace, the one before has ended. */
static void before(struct filter *f, const char *line, size_t len)
{
	if (stream_is_header(line, len) || (record_is(line, len, 'I') && fact_means_new_trace(fact_read(line, len))))
		new_trace(f);
}

/* What a record that is passed on says.  False if it is malformed. */
static bool take(struct filter *f, const char *line, size_t len, struct tb *tb)
{
	if (record_is(line, len, 'I'))
		fact(f, fact_read(line, len));
	if (record_is(line, len, 'G'))
		return mapping(f, line, len);
	if (!record_is(line, len, 'T'))
		return true;
	if (!tb_parse(tb, line, len))
		return false;
	translated(f, tb);
	return true;
}

void filter_run(struct filter *f, struct stream *r)
{
	struct known *k = known_new(f->p.annotator);
	struct walked *w = walked_new(k);
	struct tb tb = { .n = 0 };
	char *line;
	size_t len;

	while (known(f, k, r), stream_next(r, &line, &len)) {
		if (is_executed(line, len)) {
			if (!executed(f, w, line, len))
				stream_malformed(r, line, len);
			continue;
		}
		if (len && line[0] == '#' && !stream_version_ok(r, line, len))
			break;
		before(f, line, len);
		if (stream_note(r, line, len) || (r->line == 1 && stream_is_header(line, len)))
			continue;	/* ours is written already, or comes last */
		if (record_is(line, len, 'I') && unsized_fact(f->unsized, fact_read(line, len)))
			continue;
		line[len] = '\n';
		out_mem(f->p.out, line, len + 1);
		if (!take(f, line, len, &tb))
			stream_malformed(r, line, len);
	}
	end_trace(f);
	tb_free(&tb);
	walked_free(w);
	known_free(k);
}

bool filter_check(const struct filter *f)
{
	bool ok = binary_check(f->binary);

	find_check(f->find);
	ok &= mismatch_check(f->mismatch);
	ok &= unused_check(f->p.objects, f->p.places, f->p.annotator);
	ok &= unsized_check(f->unsized);
	ok &= !f->p.ends || ends_check(f->p.ends);
	return ok;
}
