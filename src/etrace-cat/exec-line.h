/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line of the log that QEMU writes with -d exec.
 */
#ifndef ETRACE_EXEC_LINE_H
#define ETRACE_EXEC_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exec_line {
	EXEC_LINE_OTHER,	/* of another item of -d, or of the guest */
	EXEC_LINE_KNOWN,	/* of -d exec or -d page, and says nothing that is needed */
	EXEC_LINE_BROKEN,	/* a block, as it seems, and not readable */
	EXEC_LINE_TRACE,	/* a block is about to run */
	EXEC_LINE_STOPPED,	/* the block before, at pc, did not run */
	EXEC_LINE_REWOUND,	/* a block was left before the instruction at pc, which runs next as a block of its own */
	EXEC_LINE_START_CODE,	/* of -d page, in user mode: where the program's lowest segment with code is */
};

struct exec_fields {
	unsigned cpu;
	uint64_t host;		/* where its translation is */
	uint64_t pc;
	uint32_t cflags;
	bool has_cflags;	/* not before QEMU 6 or so */
};

enum {
	EXEC_CF_COUNT = 0x1ff,		/* cflags: the most instructions that the block may have; 0: as many as go */
	EXEC_CF_NO_GOTO_TB = 0x200,	/* cflags: no block leads directly to the next; what -d nochain does */
	EXEC_CPU_MAX = 65535,
};

/* What a line of LEN bytes is, and what it says. */
enum exec_line exec_line_read(const char *line, size_t len, struct exec_fields *f);

#endif
