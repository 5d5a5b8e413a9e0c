/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the plugin.
 */
#ifndef ETRACE_PLUGIN_H
#define ETRACE_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "qemu.h"
#include "say.h"
#include "shared.h"

enum mem_mode { MEM_NONE, MEM_IO, MEM_ALL };

struct range {
	uint64_t lo, hi;	/* [lo, hi) */
};

struct options {
	const char *out;	/* a path, unix:PATH or fd:N; %p in it is the process id */
	bool counting;		/* mode=count */
	bool exact, host_time, tb;
	enum mem_mode mem;
	struct range *range;	/* blocks that begin in one of these; all, if there are none */
	size_t n_range;
};

/* A guest, by QEMU's name for it. */
struct guest {
	const char *name;
	unsigned bits;
	bool big_endian;
	const char *pc;		/* where blocks may run elsewhere than translated (moved.c): the register; or NULL */
};

/* This QEMU's release, 100 * MAJOR + MINOR; 0 if it does not say.  And the API version to ask it for. */
unsigned qemu_release(void);
int release_api(void);

enum { BUILD_ID_MAX = 64 };

/*
 * The build-id of the ELF file PATH (GNU_BUILD_ID note), in hex, into TEXT, which has room for
 * 2 * BUILD_ID_MAX + 1.  False if it has none or cannot be read.
 */
bool build_id(const char *path, char *text);

/* NULL if the name is not known. */
const struct guest *guest_find(const char *name);

/* Parses the plugin's arguments.  False after a message. */
bool options_parse(struct options *o, int argc, char **argv);

/* How many instructions a block has, at least one, and in *END where it ends. */
size_t extent(const struct qemu_plugin_tb *tb, const qemu_info_t *info, uint64_t *end);

/*
 * The link to the writer: memory alone, for in user mode the guest may close any descriptor.  What is
 * here belongs to one process; a child that the guest forks gets an area and, where out has a %p, a
 * writer of its own.
 */
struct link {
	struct area area;
	size_t size;		/* of the mapping that area is in */
	_Atomic bool discard;	/* there is no writer: nothing is kept */
};

/* Maps the area for N vCPUs.  False after a message. */
bool link_map(struct link *l, unsigned n, bool counting);

/* Opens OUT, which may wait for a reader, and starts the writer.  False after a message. */
bool link_start(struct link *l, const char *out);

/* Tells the writer that the end is here, and waits until it has written all; says if it did not. */
void link_finish(struct link *l);

/* In a child that fork() made: an area of its own. */
void link_after_fork(struct link *l, const char *out);

/* Waits a moment for the writer to make room; if it is gone, says so, once, and sets l->discard. */
void link_wait(struct link *l);

/*
 * The writer: makes packets of what is in the area, until QEMU, whose end QEMU_PIDFD tells, has ended and
 * the area is empty.
 */
void writer_run(const struct area *a, int out, int qemu_pidfd);

/* Writes all counts of the area, with mode=count, to the descriptor OUT; in the writer, at the end. */
void counts_write(const struct area *a, int out);

/* Registers the callbacks that fill the area. */
void translate_start(qemu_plugin_id_t id, const qemu_info_t *info, const struct guest *guest,
		     const struct options *o, struct link *l);

#endif
