/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An input of etrace-cat, in every way that it can be decoded: all of them count the same.
 */
#ifndef ETRACE_FUZZ_INPUTS_H
#define ETRACE_FUZZ_INPUTS_H

#include "count.h"
#include "fuzz.h"
#include "in.h"

/* What E records add up to. */
struct fuzz_sum {
	uint64_t count, ns;
	bool seen;		/* how often blocks ran is not known, of some at least */
};

static inline struct fuzz_sum fuzz_decode(const struct in_kind *kind, const uint8_t *data, size_t size,
					  struct in_options options)
{
	struct fuzz_text text;
	struct fuzz_sum sum = { .seen = false };
	struct input in;
	struct out out;

	fuzz_out(&out, &text);
	input_attach(&in, fuzz_file(data, size), "fuzz", 4096, &out);
	in_recognise(&in);
	kind->decode(&in, &out, &options);
	input_close(&in);
	fuzz_out_end(&out);
	for (char *line = text.s, *end = text.s + text.n, *nl; line < end; line = nl + 1) {
		struct record_e e;

		FUZZ_CHECK(nl = memchr(line, '\n', (size_t)(end - line)));
		if (!record_is(line, (size_t)(nl - line), 'E'))
			continue;
		FUZZ_CHECK(record_read_e(line, (size_t)(nl - line), &e));
		sum.seen |= !e.count_known;
		count_add(&sum.count, e.count);
		count_add(&sum.ns, e.ns);
	}
	free(text.s);
	return sum;
}

static inline void fuzz_input(const struct in_kind *kind, const uint8_t *data, size_t size)
{
	struct fuzz_sum plain = fuzz_decode(kind, data, size, (struct in_options){ .fold = false });
	struct fuzz_sum timed = fuzz_decode(kind, data, size, (struct in_options){ .times = true });
	struct fuzz_sum folded = fuzz_decode(kind, data, size, (struct in_options){ .fold = true });

	FUZZ_CHECK(plain.count == timed.count && plain.ns == timed.ns);
	FUZZ_CHECK(folded.seen || (plain.count == folded.count && plain.ns == folded.ns));
}

#define FUZZ_INPUT(kind) \
	extern const struct in_kind kind; \
	\
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) \
	{ \
		fuzz_input(&kind, data, size); \
		return 0; \
	}

#endif
