/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin's arguments.
 */
#ifndef ETRACE_OPTIONS_H
#define ETRACE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mem_mode { MEM_NONE, MEM_IO, MEM_ALL };

struct range {
	uint64_t lo, hi;	/* [lo, hi) */
};

/* A function by which the guest switches stacks. */
struct switcher {
	uint8_t *code;		/* its first N bytes */
	size_t n;
	uint64_t offset;	/* in it; the first load there or after tells the stack */
};

struct options {
	const char *out;	/* a path, unix:PATH, server:PATH or fd:N; %p in it is the process id */
	bool counting;		/* mode=count */
	bool entries;		/* format=etrace: EXEC packets and not RUN ones */
	bool exact, host_time, tb;
	enum mem_mode mem;
	struct range *range;	/* blocks that begin in one of these; all, if there are none */
	size_t n_range;
	struct switcher *switcher;
	size_t n_switcher;
};

/* Parses the plugin's arguments.  False after a message. */
bool options_parse(struct options *o, int argc, char **argv);

#endif
