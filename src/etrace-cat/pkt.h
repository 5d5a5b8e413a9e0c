/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of packets.  A new one is a file pkt-NAME.c, with its decoder and its kind, and a row in pkt.c.
 */
#ifndef ETRACE_PKT_H
#define ETRACE_PKT_H

#include "cursor.h"
#include "in-etrace.h"
#include "wire.h"

enum {
	PKT_WHOLE_MAX = 1024 * 1024,	/* the largest payload that a decoder is given in one piece */
	BLOCK_SIZE_MAX = 64 * 1024,	/* bytes of code; QEMU's blocks touch two pages at the most */
};

struct pkt {
	uint16_t type;
	uint16_t unit;		/* CPU index */
	uint32_t len;		/* bytes of payload, as the header says */
	uint64_t offset;	/* of the header, in the source */
	uint32_t at;		/* how much of the payload came before this piece; 0 for kinds that take all in one */
	bool cut;		/* the trace ends inside this packet */
};

struct pkt_kind {
	uint16_t type;
	bool pieces;		/* takes its payload in pieces, and what there is of a cut one */
	uint32_t min;		/* bytes of payload at the least */
	const char *name;
	/*
	 * Decodes the payload under C and writes records to t->out.  Advances C past what it used;
	 * a decoder of pieces is given what it left again, with more behind it.
	 */
	void (*decode)(struct trace *t, const struct pkt *k, struct cursor *c);
};

/* The kind with this number, or NULL. */
const struct pkt_kind *pkt_kind(uint16_t type);

#endif
