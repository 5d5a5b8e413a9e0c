/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a source file.
 */
#ifndef ETRACE_SOURCE_H
#define ETRACE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
	char *text;		/* owned; all zero for a file that is not there */
	size_t len, pos;
};

/* Reads the file PATH.  False, without a message, if it is no regular file that can be read. */
bool source_read(struct source *s, const char *path);

/* The next line, without its newline.  False at the end. */
bool source_next(struct source *s, const char **line, size_t *len);

/* How many lines there are from here. */
uint32_t source_lines(const struct source *s);

void source_free(struct source *s);

#endif
