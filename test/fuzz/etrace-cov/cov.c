/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cov -bf, and again on what it wrote: that is well-formed, and counts stay as they are.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_text first, again;

	if (memmem(data, size, "I\tsizes\t", 8))
		return -1;	/* ends the program: what is without sizes cannot be counted */
	count(data, size, true, &first);
	FUZZ_CHECK(!count(first.s, first.n, false, &again));
	FUZZ_CHECK(first.n == again.n && !memcmp(first.s, again.s, first.n));
	free(first.s);
	free(again.s);
	return 0;
}
