/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An input of etrace-cat, in every way that it can be decoded.
 */
#ifndef ETRACE_FUZZ_INPUTS_H
#define ETRACE_FUZZ_INPUTS_H

#include <fcntl.h>

#include "fuzz.h"
#include "in.h"

static inline void fuzz_decode(const struct in_kind *kind, const uint8_t *data, size_t size, struct in_options options)
{
	struct input in;
	struct out out;

	out_init(&out, open("/dev/null", O_WRONLY), "/dev/null");
	input_attach(&in, fuzz_file(data, size), "fuzz", 4096, &out);
	in_recognise(&in);
	kind->decode(&in, &out, &options);
	input_close(&in);
	out_close(&out);
}

#define FUZZ_INPUT(kind) \
	extern const struct in_kind kind; \
	\
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) \
	{ \
		fuzz_decode(&kind, data, size, (struct in_options){ .times = true }); \
		fuzz_decode(&kind, data, size, (struct in_options){ .fold = true }); \
		return 0; \
	}

#endif
