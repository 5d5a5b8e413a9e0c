/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many traces from one socket, some at the same time, into one stream: etrace-cat -k.
 */
#ifndef ETRACE_SERVE_H
#define ETRACE_SERVE_H

#include <stdbool.h>

#include "die.h"
#include "out.h"

struct service {
	const char *name, *path;	/* of the socket, for messages and to open it */
	/* Decodes the trace from FD, which it closes, into OUT.  Runs in a process of its own.  False if anything was
	 * wrong, which it said. */
	bool (*decode)(const void *arg, int fd, struct out *out);
	const void *arg;
	int until;	/* a descriptor, or -1: when it is at its end, so is the service as soon as no trace is under way */
};

/*
 * Takes all connections to v->path until it is stopped (input.h): each is decoded by a process of its own, at
 * once, and is whole and apart from the others in OUT.  One on which nothing comes is none.  What OUT has at the
 * call is written before the first trace, and left there if none came.  Returns the worst of what became of the
 * traces.
 */
enum status serve(const struct service *v, struct out *out);

#endif
