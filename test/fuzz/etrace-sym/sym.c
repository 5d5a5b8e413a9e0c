/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-sym -C, with -d too; and on the same without the fast path, which gives the same; and on what it wrote: no record is
 * malformed that was not so before.
 * in:  any bytes, as a stream
 * out: nothing, if all is well
 */
#include "filter.h"
#include "fuzz.h"
#include "objects.h"
#include "tb.h"

/* Whether the W record LINE is malformed, or the list of blocks in it. */
static bool is_bad_walk(const char *line, size_t len)
{
	struct walk_block b;
	struct record_w w;

	if (!record_read_w(line, len, &w))
		return true;
	while (w.blocks.n)
		if (!record_walk_block(&w.blocks, &b))
			return true;
	return false;
}

/* How many records are malformed; some of them etrace-sym leaves to the next program. */
static uint64_t malformed(const char *line, size_t size)
{
	struct tb tb = { .n = 0 };
	uint64_t n = 0;

	for (const char *end = line + size, *nl; (nl = memchr(line, '\n', (size_t)(end - line))); line = nl + 1) {
		size_t len = (size_t)(nl - line);
		struct record_e e;
		struct record_g g;
		struct record_j j;
		struct record_k k;
		struct record_p p;

		n += (record_is(line, len, 'E') && !record_read_e(line, len, &e)) ||
		     (record_is(line, len, 'G') && !record_read_g(line, len, &g)) ||
		     (record_is(line, len, 'J') && !record_read_j(line, len, &j)) ||
		     (record_is(line, len, 'W') && is_bad_walk(line, len)) ||
		     (record_is(line, len, 'K') && !record_read_k(line, len, &k)) ||
		     (record_is(line, len, 'P') && !record_read_p(line, len, &p)) ||
		     (record_is(line, len, 'T') && !tb_parse(&tb, line, len));
	}
	tb_free(&tb);
	return n;
}

/* DISASSEMBLE: D records too.  Returns how many records it called malformed. */
static uint64_t annotate(struct fuzz_objects *x, const void *data, size_t size, bool disassemble, struct fuzz_text *text)
{
	struct places *places = fuzz_places(x);
	struct blocks *blocks = blocks_new();
	struct ends *ends = ends_new(&x->objects, places, blocks);
	struct annotator *a = annotate_new(places, blocks, x->names, ends);
	struct mapped *m = mapped_new(&x->objects, places, x->names, NULL, false);
	struct disas *d = !disassemble ? NULL : disas_new(NULL, &x->objects.of[0].elf, a);
	struct stream r = fuzz_stream(data, size);
	struct filter *f;
	struct out o;

	fuzz_out(&o, text);
	stream_begin(&o);
	f = filter_new(&(struct filter_parts){ &x->objects, places, blocks, a, d, ends, m, &o });
	filter_run(f, &r);
	filter_check(f);
	stream_end(&o, stream_close(&r));
	fuzz_out_end(&o);
	filter_free(f);
	disas_free(d);
	annotate_free(a);
	ends_free(ends);
	mapped_free(m);
	blocks_free(blocks);
	places_free(places);
	return r.malformed;
}

/* Without D records: libopcodes remembers of ARM code what came before, and a process has one memory of that. */
static void check_fast_path(struct fuzz_objects *x, const uint8_t *data, size_t size)
{
	struct fuzz_text fast, slow, from_slow, want;

	annotate(x, data, size, false, &fast);
	fuzz_slow((const char *)data, size, &slow);
	annotate(x, slow.s, slow.n, false, &from_slow);
	fuzz_slow(fast.s, fast.n, &want);
	FUZZ_CHECK(fuzz_same(&from_slow, &want));
	free(fast.s);
	free(slow.s);
	free(from_slow.s);
	free(want.s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_objects *x = fuzz_objects();
	struct fuzz_text first, again;
	uint64_t bad = malformed((const char *)data, size);

	FUZZ_CHECK(annotate(x, data, size, true, &first) <= bad);
	FUZZ_CHECK(malformed(first.s, first.n) <= bad);
	if (!bad && !fuzz_is_binary(data, size))
		check_fast_path(x, data, size);
	FUZZ_CHECK(annotate(x, first.s, first.n, true, &again) <= bad);
	free(first.s);
	free(again.s);
	return 0;
}
