/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Source lines to leave out: "file", "file:line" or "file:from-to" a line; blank lines and lines
 * that begin with # say nothing.  A file is a path, or the end of one at a slash.
 */
#ifndef ETRACE_EXCLUDES_H
#define ETRACE_EXCLUDES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exclude {
	char *file;
	bool whole;		/* "./file": no file below another directory */
	uint32_t from, to;	/* both included */
};

struct excludes {
	struct exclude *entry;
	size_t n, cap;
};

/* Adds the entries of the file NAME; ends the program if it cannot be read or has anything else in it. */
void excludes_read(struct excludes *x, const char *name);

void excludes_free(struct excludes *x);

/* Whether E is for the file PATH. */
bool exclude_is_for(const struct exclude *e, const char *path);

#endif
