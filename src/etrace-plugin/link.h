/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory shared with the writer, and the writer's life.
 */
#ifndef ETRACE_LINK_H
#define ETRACE_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "shared.h"

/*
 * The link to the writer: memory alone, for in user mode the guest may close any descriptor.  What is
 * here belongs to one process; a child that the guest forks gets an area and, where out has a %p or is a server, a
 * writer of its own.
 */
struct link {
	struct area area;
	size_t size;		/* of the mapping that area is in */
	_Atomic bool discard;	/* there is no writer: nothing is kept */
};

/* Maps the area for N vCPUs.  False after a message. */
bool link_map(struct link *l, unsigned n, bool counting);

/*
 * Opens OUT, which may wait for a reader, and starts the writer.  False after a message.  Where OUT is a server that
 * is gone QEMU is to run on: then nothing is kept, and it is true.
 */
bool link_start(struct link *l, const char *out);

/* Tells the writer that the end is here, and waits until it has written all; says if it did not. */
void link_finish(struct link *l);

/* In a child that fork() made: an area of its own. */
void link_after_fork(struct link *l, const char *out);

/* Waits a moment for the writer to make room; if it is gone, says so, once, and sets l->discard. */
void link_wait(struct link *l);

#endif
