/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cov -bCf; and on the same without the fast path, which gives the same; and on what it wrote: that is well-formed,
 * and stays as it is.
 * in:  any bytes, as a stream
 * out: nothing, if all is well
 */
#include "counter.h"
#include "fuzz.h"

/* Returns how many records were malformed. */
static uint64_t count(const void *data, size_t size, bool all, struct fuzz_text *text)
{
	struct stream r = fuzz_stream(data, size);
	struct counter *c;
	struct out o;

	fuzz_out(&o, text);
	stream_begin(&o);
	c = counter_new(all, all, true, true, &o);
	counter_read(c, &r);
	counter_write(c);
	stream_end(&o, stream_close(&r));
	fuzz_out_end(&o);
	counter_free(c);
	return r.malformed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_text first, slow, again;

	if (fuzz_is_binary(data, size))
		return -1;
	if (memmem(data, size, "I\tsizes\t", 8))
		return -1;	/* ends the program: what is without sizes cannot be counted */
	count(data, size, true, &first);
	fuzz_slow((const char *)data, size, &slow);
	/* What is appended to a block that ran before, the fast path takes by its length. */
	if (!count(slow.s, slow.n, true, &again))
		FUZZ_CHECK(fuzz_same(&first, &again));
	free(again.s);
	FUZZ_CHECK(!count(first.s, first.n, false, &again));
	FUZZ_CHECK(fuzz_same(&first, &again));
	free(first.s);
	free(slow.s);
	free(again.s);
	return 0;
}
