/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts: I records (etrace-stream(5), KINDS), whose key and value any program may add.  A key that these
 * programs act on is one line in fact.c; one that is for people alone needs none.
 */
#ifndef ETRACE_FACT_H
#define ETRACE_FACT_H

#include <stdbool.h>
#include <stddef.h>

#include "out.h"
#include "stream.h"

enum fact_key {
	FACT_OTHER,
	FACT_STREAM,		/* begin, end or incomplete */
	FACT_ETRACE_VERSION,	/* a trace begins: what comes next follows no block of an earlier one */
	FACT_SOURCE,		/* the same, for a trace that is no etrace */
	FACT_COUNTS,
	FACT_SIZES,		/* what the sizes of E and J records are */
	FACT_TO_SIZES,		/* the same of the second blocks of J records, where that is something else */
	FACT_ORDER,
	FACT_NS,		/* what times are; a trace without it has virtual ns */
	FACT_GUEST_BITS,
	FACT_GUEST_ENDIAN,
	FACT_ADDRESS_BITS,	/* the last one before the first block of a trace with EXEC packets */
	FACT_MODE,
	FACT_BINARY,
	FACT_BINARY_CODE,
	FACT_BINARY_BUILD_ID,
	FACT_CALLS_REPAIRED,
	N_FACT
};

struct fact {
	enum fact_key key;
	struct field value;	/* escaped, as in the record */
};

/* The fact in LINE, an I record; its key is FACT_OTHER if it is none that is known, or malformed. */
struct fact fact_read(const char *line, size_t len);

/* Whether it has that value. */
static inline bool fact_is(struct fact f, enum fact_key key, const char *value)
{
	return f.key == key && field_is(f.value, value);
}

/*
 * Writes one, whose VALUE has no byte that is to be escaped: as a line, or without its newline at TEXT, of
 * SIZE bytes; returns its length.
 */
void fact_put(struct out *o, enum fact_key key, const char *value);
size_t fact_text(char *text, size_t size, enum fact_key key, const char *value);

/*
 * What facts imply.  NEW_TRACE: what comes next follows no block of an earlier trace.  SEEN: the trace tells what
 * was executed, and not how often.  UNORDERED: its E records are in no order, so that none is known to follow another.
 * FOLDED: the same, but its J records say which followed which.
 * UNSIZED: where its blocks end is not known.  INSTRUCTIONS: its times are instructions, one a ns.
 */
static inline bool fact_means_new_trace(struct fact f) { return f.key == FACT_ETRACE_VERSION || f.key == FACT_SOURCE; }
static inline bool fact_means_seen(struct fact f) { return fact_is(f, FACT_COUNTS, "seen"); }
static inline bool fact_means_unordered(struct fact f) { return fact_is(f, FACT_ORDER, "none"); }
static inline bool fact_means_folded(struct fact f) { return fact_is(f, FACT_ORDER, "steps"); }
static inline bool fact_means_unsized(struct fact f) { return f.key == FACT_SIZES && !field_is(f.value, "exact"); }
static inline bool fact_means_instructions(struct fact f) { return fact_is(f, FACT_NS, "instructions"); }

#endif
