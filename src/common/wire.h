/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets of a binary trace: their numbers and sizes (etrace-stream(5), BINARY TRACES), for the plugin that
 * writes them and for etrace-cat.  Each decoder, etrace-cat/pkt-KIND.c, draws the layout of its payload.
 *
 *	u16 type, u16 unit (CPU index), u32 len; then len bytes of payload
 *
 * Integers are in the byte order of the host that wrote the trace.
 */
#ifndef ETRACE_WIRE_H
#define ETRACE_WIRE_H

enum wire_type {
	WIRE_EXEC = 1,
	WIRE_TB = 2,
	WIRE_NOTE = 3,
	WIRE_MEM = 4,
	WIRE_ARCH = 5,
	WIRE_BARRIER = 6,
	WIRE_OLD_EVENT = 7,
	WIRE_EVENT = 8,
	/* of etrace-plugin */
	WIRE_COUNT = 16,
	WIRE_FACT = 17,
	WIRE_END = 18,
	WIRE_BLOCK = 19,
	WIRE_RUN = 20,
	WIRE_DISCON = 21,
	WIRE_MAP = 22,
	WIRE_SWITCH = 23,
	WIRE_INFO = 0x4554,		/* first in a trace; 0x5445 if it is byte-swapped */
};

/* Bytes of the header, and of what each payload has at the least. */
enum {
	WIRE_HEADER = 8,
	WIRE_INFO_SIZE = 12,
	WIRE_ARCH_SIZE = 16,
	WIRE_EXEC_SIZE = 8,
	WIRE_TB_SIZE = 32,
	WIRE_NOTE_SIZE = 8,
	WIRE_MEM_SIZE = 40,
	WIRE_OLD_EVENT_SIZE = 22,
	WIRE_EVENT_SIZE = 36,
	WIRE_FACT_SIZE = 2,
	WIRE_END_SIZE = 1,
	WIRE_BLOCK_SIZE = 20,
	WIRE_RUN_SIZE = 12,
	WIRE_DISCON_SIZE = 28,
	WIRE_MAP_SIZE = 26,
	WIRE_SWITCH_SIZE = 16,
};

/* Bytes of an entry of EXEC, for guests of 32 and of 64 bits, and of one of COUNT. */
enum { WIRE_ENTRY_32 = 12, WIRE_ENTRY_64 = 20, WIRE_COUNT_ENTRY = 24 };

/* At the most: entries of an EXEC packet, blocks of a RUN packet. */
enum { WIRE_ENTRIES = 16384, WIRE_RUN_BLOCKS = 1 << 20 };

/* Bits of INFO's attr: blocks were chained, so executions are missing; END is the last packet. */
enum { WIRE_CHAINED = 1, WIRE_ENDS = 2 };

/* What a DISCON packet tells of. */
enum { WIRE_INTERRUPT = 1, WIRE_EXCEPTION = 2 };

#endif
