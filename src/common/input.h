/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where bytes come from.  A name is a file's path, "-" for standard input, or unix:PATH for a UNIX
 * stream socket (unix.h); a new kind of source is one row in the table in input.c.
 */
#ifndef ETRACE_INPUT_H
#define ETRACE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out.h"

/*
 * A source that pauses for so long is a live one.  A filter of a file's trace must not take time that
 * the machine gave to others for a pause: its output would be in another order.
 */
enum { IDLE_MS = 10 };

struct input {
	const char *name;	/* for messages; not owned */
	int fd;
	char *buf;		/* owned */
	size_t cap;
	size_t pos, end;	/* what was read and not yet used: buf[pos..end) */
	uint64_t base;		/* offset in the source of buf[0] */
	bool eof;
	bool stopped;		/* a signal came before the end */
	struct out *tie;	/* flushed before a read that would wait; may be NULL */
	int error;		/* errno of a read that failed, or 0 */
	/*
	 * What to do when there has been nothing to read for IDLE_MS: called again and again, until
	 * there is something to read or it returns false.  NULL for nothing.
	 */
	bool (*idle)(void *arg);
	void *idle_arg;
};

/*
 * Opens NAME, with a buffer of CAP bytes.  On failure prints a message and returns false (without a
 * message if it waited for a socket or a FIFO and was stopped).
 */
bool input_open(struct input *in, const char *name, size_t cap, struct out *tie);

/* The same for what is open: FD, which input_close() closes. */
void input_attach(struct input *in, int fd, const char *name, size_t cap, struct out *tie);

/*
 * Reads more, at least one byte, behind what is there; moves what is there to the front, and grows
 * the buffer if it is full.  False at the end, after an error (in->error) and after a stop.
 */
bool input_more(struct input *in);

/* Reads until there are N bytes; false if no more are to come. */
static inline bool input_have(struct input *in, size_t n)
{
	while (in->end - in->pos < n)
		if (!input_more(in))
			return false;
	return true;
}

/* Whether reading more would wait. */
bool input_waits(const struct input *in);

void input_close(struct input *in);

/* The offset in the source of the next byte to be used. */
static inline uint64_t input_offset(const struct input *in)
{
	return in->base + in->pos;
}

/*
 * Makes SIGINT and SIGTERM end every input, those that wait in a socket too, as if at its end:
 * for the head of a pipeline.  A second signal kills.  A source whose writer is gone is still read to its
 * end.
 */
void input_stop_on_signals(void);

/* The same for a child of such a process, which may be told twice: by the terminal and by its parent. */
void input_stop_as_child(void);

/* Whether a signal came; the first one, or 0; and its name. */
bool input_stopped(void);
int input_stop_signal(void);
const char *input_stop_name(void);

/*
 * Makes the first SIGINT harmless and the second deadly, for all that is behind the head: ^C stops
 * the head, and what it had sent still becomes a report.
 */
void input_drain_on_interrupt(void);

#endif
