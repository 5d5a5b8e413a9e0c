/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Source files: from how the stream calls them to where they are, and which of their lines are
 * excluded.  All is worked out once a file, and then looked up.  ./a.c and x//a.c are a.c and x/a.c;
 * y/../a.c need not be a.c, as y may be a link.
 */
#ifndef ETRACE_PATHS_H
#define ETRACE_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "excludes.h"

/* What the user asked for; outlives the struct paths made of it. */
struct path_rules {
	const char **strip;	/* prefixes to take off; the first that fits is */
	size_t n_strip, cap_strip;
	const char *prefix;	/* a directory to put before a relative path, or NULL */
	struct excludes excludes;
};

struct paths;

/* What is known of one file name. */
struct path {
	uint32_t id;			/* number of the path; several names may have one */
	uint32_t excludes, n_excludes;	/* index of the first exclude, and how many are for it */
};

struct paths *paths_new(const struct path_rules *rules);
void paths_free(struct paths *p);

/* Whether there are no rules, so that a format may show names as the stream has them. */
bool paths_plain(const struct paths *p);

/* The file that the stream calls by the N bytes at NAME (escaped).  Valid until the next call. */
const struct path *paths_look(struct paths *p, const char *name, size_t n);

bool path_excluded(const struct paths *p, const struct path *x, uint32_t line);

/* The path with number ID, unescaped.  Valid until the next paths_look. */
const char *paths_text(const struct paths *p, uint32_t id);

/*
 * All paths in order, N of them, and in RANK[id] where each came to be.  The caller frees both
 * arrays; the texts are valid as from paths_text.
 */
const char **paths_sorted(const struct paths *p, size_t *n, uint32_t **rank);

#endif
