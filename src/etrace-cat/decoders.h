/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where traces are decoded at the same time: a process each, which takes turns with the others at the output.
 *
 * One process at a time has the output.  A trace that comes when nobody has it is decoded straight to there.
 * The others are decoded into spools (spool.h), and a printer, which is a process too, copies one spool after
 * the other once the output is free: those that are complete first, else the oldest, as it grows.
 */
#ifndef ETRACE_DECODERS_H
#define ETRACE_DECODERS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "out.h"
#include "serve.h"
#include "spool.h"

enum { DECODERS = 64 };	/* traces decoded at once */

struct decoder {
	pid_t pid;		/* of the decoder, or 0 */
	bool live;		/* it has the output; else it writes to the spool */
	int fd;			/* the spool, or -1; kept for the next trace */
	bool kept;		/* there are records in it, or are to be; of several traces perhaps */
	unsigned since;		/* when that began: less is earlier */
	off_t sent;		/* bytes of it that were printed before its printer died */
};

struct decoders {
	const struct service *service;
	struct out *out;
	const int *listener;		/* a descriptor, or -1, that children are to close */
	sigset_t mask;			/* for children: the signals that are blocked */
	struct decoder decoder[DECODERS];
	unsigned now;
	pid_t holder;			/* of the output: a live decoder or a printer; 0 if it is free */
	struct decoder *printed;		/* whose spool the printer prints, or NULL */
	struct spool_print *print;	/* shared with it */
	bool cut;			/* the output may end within a line */
	bool no_spool;			/* none can be made */
	bool failed;			/* the output, which was said: nothing is printed any more */
	bool gone;			/* the reader of the output */
	enum status status;		/* the worst so far */
};

void decoders_init(struct decoders *s, const struct service *service, struct out *out, const int *listener,
		const sigset_t *mask);
void decoders_free(struct decoders *s);

/* Whether there is a decoder for one more; and one, with a spool if it needs that, or NULL. */
bool decoders_room(const struct decoders *s);
struct decoder *decoders_find(struct decoders *s);

/* Has the trace from FD decoded at D, and closes FD.  d->pid is 0 if that could not be, which is said. */
void decoders_decode(struct decoders *s, struct decoder *d, int fd);

/* If the output is free, has printed what is to be printed. */
void decoders_print(struct decoders *s);

/* Notes which processes ended, and says what was wrong. */
void decoders_reap(struct decoders *s);

/* Sends a signal to all decoders. */
void decoders_tell(struct decoders *s, int sig);

/* Whether anything is decoded, or to be printed. */
bool decoders_busy(const struct decoders *s);

/* Makes the status at least that. */
void decoders_note(struct decoders *s, enum status status);

#endif
