/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the writer puts what ran into packets: entries.c for format=etrace, runs.c otherwise.
 *
 * Where the area says that it holds back, a word may say more of the block before it: that block is kept until
 * it is clear that there is none.
 */
#ifndef ETRACE_FORMAT_H
#define ETRACE_FORMAT_H

#include "packet.h"

struct format {
	/* What the others are given; it writes to OUT. */
	void *(*begin)(const struct area *a, struct sink *out);
	/* The packet of block ID, whose CODE of SIZE bytes is NULL if it is not to be written, at P: its length. */
	size_t (*block)(void *f, uint8_t *p, uint32_t id, const uint8_t *code, size_t size);
	/* Takes words of UNIT's ring from TAIL to STOP, up to the first that is no block; returns where that is. */
	uint64_t (*blocks)(void *f, unsigned unit, const struct ring *r, uint64_t tail, uint64_t stop);
	/* Of the block that is held back: INSNS instructions and BYTES bytes were executed; it took NS. */
	void (*cut)(void *f, unsigned unit, uint32_t insns, uint32_t bytes);
	void (*ns)(void *f, unsigned unit, uint32_t ns);
	/* Writes the packet of UNIT that is under way; returns the time of UNIT then, in ns. */
	uint64_t (*flush)(void *f, unsigned unit);
	/* The same with what is held back. */
	uint64_t (*end)(void *f, unsigned unit);
};

extern const struct format format_entries, format_runs;

/* Bytes of a block's packet without its code, at the most. */
enum { FORMAT_BLOCK_MAX = 64 };

/* A BLOCK packet, which both formats have with mode=count. */
size_t runs_block(const struct area *a, uint8_t *p, uint32_t id, const uint8_t *code, size_t size);

#endif
