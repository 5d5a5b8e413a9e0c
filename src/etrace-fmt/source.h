/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a source file, piece by piece: a path is whatever a stream says, and what is there may be
 * of any size, may have no newline, and may fail.
 */
#ifndef ETRACE_SOURCE_H
#define ETRACE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More bytes than any source has: nothing past them is read. */
#define SOURCE_MAX ((uint64_t)1 << 30)

struct source {
	int fd;			/* -1 for a file that is not there */
	int error;		/* an errno, once reading failed */
	uint64_t size, n_read;	/* size: at first; 0 where the system does not know */
	size_t pos, end;	/* of what is in BUF */
	char buf[64 * 1024];
};

/* Opens the file PATH.  False, without a message, if it is no regular file that can be opened. */
bool source_open(struct source *s, const char *path);

/*
 * The next piece of the line at hand: *WHOLE says that its newline followed, and the next piece begins
 * another line.  False at the end of the file, and where reading failed.
 */
bool source_next(struct source *s, const char **piece, size_t *len, bool *whole);

/* How many lines there are from here, or ENOUGH if there are as many or more. */
uint32_t source_lines(struct source *s, uint32_t enough);

/* Closes it.  Returns 0, or why not all could be read: an errno, EFBIG for more than SOURCE_MAX bytes. */
int source_close(struct source *s);

#endif
