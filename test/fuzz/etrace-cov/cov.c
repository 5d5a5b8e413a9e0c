/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cov -bf; and on the same without the fast path, which gives the same; and on what it wrote: that is well-formed,
 * and stays as it is.
 * in:  any bytes, as a stream
 * out: nothing, if all is well
 */
#include "counter.h"
#include "fuzz.h"

/* Returns how many records were malformed. */
static uint64_t count(const void *data, size_t size, bool branches, struct fuzz_text *text)
{
	struct stream r = fuzz_stream(data, size);
	struct counter *c;
	struct out o;

	fuzz_out(&o, text);
	stream_begin(&o);
	c = counter_new(branches, true, &o);
	counter_read(c, &r);
	counter_write(c);
	stream_end(&o, stream_close(&r));
	fuzz_out_end(&o);
	counter_free(c);
	return r.malformed;
}

/* The stream with CPUs of so many digits that no E record is for the fast path. */
static void slow_down(const char *p, size_t size, struct fuzz_text *slow)
{
	struct out o;

	fuzz_out(&o, slow);
	for (const char *end = p + size, *nl; p < end; p = nl) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl + 1 : end;
		if (nl - p > 2 && !memcmp(p, "E\t", 2) && p[2] >= '0' && p[2] <= '9') {
			out_str(&o, "E\t00000000000000000000000000000000");
			p += 2;
		}
		out_mem(&o, p, (size_t)(nl - p));
	}
	fuzz_out_end(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_text first, slow, again;
	uint64_t malformed;

	if (memmem(data, size, "I\tsizes\t", 8))
		return -1;	/* ends the program: what is without sizes cannot be counted */
	malformed = count(data, size, true, &first);
	slow_down((const char *)data, size, &slow);
	FUZZ_CHECK(count(slow.s, slow.n, true, &again) == malformed);
	FUZZ_CHECK(first.n == again.n && !memcmp(first.s, again.s, first.n));
	free(again.s);
	FUZZ_CHECK(!count(first.s, first.n, false, &again));
	FUZZ_CHECK(first.n == again.n && !memcmp(first.s, again.s, first.n));
	free(first.s);
	free(slow.s);
	free(again.s);
	return 0;
}
