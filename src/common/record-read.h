/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the readers of records share: columns as numbers.  Each is false if its column is malformed.
 */
#ifndef ETRACE_RECORD_READ_H
#define ETRACE_RECORD_READ_H

#include "record.h"

/* Columns A to B, with what is between them. */
static inline struct field span(struct field a, struct field b)
{
	return (struct field){ a.s, (size_t)(b.s + b.n - a.s) };
}

static inline bool is_unknown(struct field f)
{
	return f.n == 1 && *f.s == '-';
}

static inline bool hex(struct field f, uint64_t *v)
{
	return num_parse_hex(f.s, f.n, v);
}

static inline bool dec(struct field f, uint64_t *v)
{
	return num_parse_dec(f.s, f.n, v);
}

/* A number that need not be known, which *KNOWN says. */
static inline bool maybe_dec(struct field f, uint64_t *v, bool *known)
{
	*known = !is_unknown(f);
	*v = 0;
	return !*known || dec(f, v);
}

/* An address that need not be known, which *KNOWN says. */
static inline bool maybe_hex(struct field f, uint64_t *v, bool *known)
{
	*known = !is_unknown(f);
	*v = 0;
	return !*known || hex(f, v);
}

static inline bool line_number(struct field f, uint32_t *line)
{
	uint64_t v;
	bool known;

	if (!maybe_dec(f, &v, &known) || v >= UINT32_MAX)
		return false;
	*line = (uint32_t)v;
	return true;
}

/* Whether SIZE bytes from ADDR on end at 2^64 or before. */
static inline bool fits(uint64_t addr, uint64_t size)
{
	return !size || addr + (size - 1) >= addr;
}

#endif
