/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Coverage: what the F, L and R records of one or more streams say, in order.
 */
#ifndef ETRACE_COV_H
#define ETRACE_COV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intern.h"
#include "paths.h"
#include "profile.h"
#include "stream.h"

/* An L record: a source line inside one function or one inlined copy. */
struct cov_line {
	uint32_t file, line, func;	/* file: an index of struct cov's; func: a number in its names */
	uint64_t count, ns;
};

/* The F records of one name in one file: the function and its inlined copies. */
struct cov_func {
	uint32_t file, line, name;	/* the lowest line where one starts */
	uint64_t count;
};

/* An R record: a conditional branch. */
struct cov_branch {
	uint32_t file, line;
	uint64_t addr;
	uint64_t taken, passed;		/* passed: not taken */
	bool known;			/* the two numbers are */
};

struct cov {
	struct intern *names;		/* of functions, escaped as in the stream */
	struct cov_line *line;		/* by file, line and name */
	size_t n_line, cap_line;
	struct cov_func *func;		/* by file, line and name */
	size_t n_func, cap_func;
	struct cov_branch *branch;	/* by file, line and address */
	size_t n_branch, cap_branch;
	const char **file;		/* paths, unescaped, in order */
	size_t n_file;
	struct profile *profile;	/* what lines do not say; NULL: the format does not need it */
	bool seen_only;			/* counts are only 0 or 1: not how often, but whether */
	bool incomplete;		/* some of what ran is not in it */

	struct paths *paths;		/* not owned */
	struct intern *keys;		/* (file, name); a key's number is the index of its func */
	struct intern *branch_texts;	/* R records without their files and counts */
	struct intern *branch_keys;	/* (file, text); a key's number is the index of its branch */
	bool events;			/* met an E record, and stopped */
	bool any;			/* met an F, L or R record */
};

void cov_init(struct cov *c, struct paths *paths);
void cov_free(struct cov *c);

/* Adds a stream.  What is excluded, and what has no source line, is left out. */
void cov_read(struct cov *c, struct stream *in);

/* Puts all in order; call it once, when all is read and before any of what follows. */
void cov_sort(struct cov *c);

/* The text of a function's name. */
static inline const char *cov_name(const struct cov *c, uint32_t name)
{
	return intern_text(c->names, name, NULL);
}

/*
 * The count of a source line, which is the sum of its L records.  The first of them is the one at
 * index *I, which moves behind the last one.
 */
uint64_t cov_count(const struct cov *c, size_t *i);

/* COUNT, as it is to be shown. */
static inline uint64_t cov_shown(const struct cov *c, uint64_t count)
{
	return c->seen_only ? count > 0 : count;
}

#endif
