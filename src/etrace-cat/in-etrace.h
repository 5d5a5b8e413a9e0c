/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A binary etrace being decoded: packets in, records out (etrace-stream(5)).
 */
#ifndef ETRACE_IN_ETRACE_H
#define ETRACE_IN_ETRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "fold.h"
#include "input.h"
#include "out.h"
#include "walks.h"

struct trace {
	struct input *in;
	struct out *out;

	/* options */
	bool times;		/* E records with their start time */
	unsigned forced_bits;	/* of the addresses in EXEC entries: 32, 64, or 0 for "find out" */
	struct walks *walks;	/* that become W records; NULL for E records */
	struct fold *fold;	/* where each block is counted, or NULL to write each execution; not owned */

	/* what the trace said of itself since its last INFO packet */
	bool swap;		/* byte-swapped */
	bool info;		/* there was an INFO packet */
	bool seen;		/* blocks were chained: how often one ran is not known */
	bool ends;		/* an END packet is to be its last one, ... */
	bool ended;		/* ... and was there */
	bool unordered;		/* there was a COUNT packet: blocks are in no order, which the stream says */
	unsigned arch_bits;	/* what ARCH said: 32, 64; 0 before it, or if it said anything else */
	unsigned entry_bits;	/* what the EXEC entries have; 0 before the first of them */
	uint64_t exec_time;	/* virtual ns, of the next entry of the EXEC packet under way */
	struct exec_text *texts;	/* pkt-exec.c's, freed by trace_end() */
	struct blocks *blocks;	/* with numbers, or NULL; freed by trace_end() */

	/* what was wrong */
	bool bad;		/* anything at all: exit with ST_INPUT */
	bool stopped;		/* a signal came before its end, which was said */
	uint64_t warned_types;	/* bits: unknown packet types that were warned of, modulo 64 */
	uint64_t odd_blocks;	/* blocks that cannot be, of all that ran */
	uint64_t odd_counts;	/* entries of COUNT packets that were left out */
};

/*
 * Ends one trace, of those that t->in may have one after the other, at OFFSET: writes what was folded, and
 * says if the trace has no end.
 */
void trace_end(struct trace *t, uint64_t offset);

/* Writes what was folded. */
void trace_write_folded(struct trace *t);

/*
 * Says what is wrong, with the name of the source and the byte offset of the packet at hand, and
 * marks the trace as bad.
 */
void trace_complain(struct trace *t, uint64_t offset, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
