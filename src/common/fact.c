/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of facts.
 * in:  I<TAB>order<TAB>none
 * out: { FACT_ORDER, "none" }
 */
#include "fact.h"

#include <stdio.h>

static const char *const keys[N_FACT] = {
	[FACT_STREAM] = "stream",
	[FACT_ETRACE_VERSION] = "etrace-version",
	[FACT_SOURCE] = "source",
	[FACT_COUNTS] = "counts",
	[FACT_SIZES] = "sizes",
	[FACT_TO_SIZES] = "to-sizes",
	[FACT_ORDER] = "order",
	[FACT_NS] = "ns",
	[FACT_GUEST_BITS] = "guest-bits",
	[FACT_GUEST_ENDIAN] = "guest-endian",
	[FACT_ADDRESS_BITS] = "address-bits",
	[FACT_MODE] = "mode",
	[FACT_BINARY] = "binary",
	[FACT_BINARY_CODE] = "binary-code",
	[FACT_BINARY_BUILD_ID] = "binary-build-id",
	[FACT_CALLS_REPAIRED] = "calls-repaired",
};

struct fact fact_read(const char *line, size_t len)
{
	struct field f[3];

	if (record_split(line, len, f, 3) != 3)
		return (struct fact){ .key = FACT_OTHER };
	for (int i = FACT_OTHER + 1; i < N_FACT; i++)
		if (field_is(f[1], keys[i]))
			return (struct fact){ (enum fact_key)i, f[2] };
	return (struct fact){ FACT_OTHER, f[2] };
}

size_t fact_text(char *text, size_t size, enum fact_key key, const char *value)
{
	return (size_t)snprintf(text, size, "I\t%s\t%s", keys[key], value);
}

void fact_put(struct out *o, enum fact_key key, const char *value)
{
	out_printf(o, "I\t%s\t%s\n", keys[key], value);
}
