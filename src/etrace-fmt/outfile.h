/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Output files that appear when they are complete: each is written to a temporary file beside it,
 * which is then renamed, or removed if the program ends before.
 */
#ifndef ETRACE_OUTFILE_H
#define ETRACE_OUTFILE_H

#include <stdbool.h>

#include "out.h"

struct outfile;

/* For one file after the other.  Lives until the program ends. */
struct outfile *outfile_new(void);

/*
 * Begins the file PATH, or standard output if it is NULL.  What exists and is not a regular file
 * (a device, a pipe, a link) is written in place.  Returns where to write, or NULL after a message.
 */
struct out *outfile_open(struct outfile *f, const char *path);

/* Completes the file.  False after a message. */
bool outfile_close(struct outfile *f);

#endif
