/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records that wait for the output: an unlinked file in $TMPDIR, which one process appends to while another
 * prints it.
 */
#ifndef ETRACE_SPOOL_H
#define ETRACE_SPOOL_H

#include <stdbool.h>
#include <sys/types.h>

#include "out.h"

/* Where such files are: $TMPDIR or /tmp. */
const char *spool_dir(void);

/* A new one, which appends; -1 after a message. */
int spool_new(void);

/* Its length from FROM on, in whole lines: what follows the last newline does not count.  Offsets in bytes. */
off_t spool_lines(int fd, off_t from);

/* What the process that prints says, and its parent says to it, in memory that they share. */
struct spool_print {
	off_t sent;	/* all before this was printed, or is being printed */
	bool over;	/* nothing more will be appended */
};

/* Prints all from p->sent on, whole lines, and what is appended, until it is over; gives up the room on disk. */
void spool_print(int fd, struct spool_print *p, struct out *o);

#endif
