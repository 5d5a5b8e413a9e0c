/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Coverage: what the records of one or more streams say of source lines, functions and branches; and, for the
 * formats that want it, a profile.  It is in order once coverage_sort() was called (order.h).
 */
#ifndef ETRACE_COVERAGE_H
#define ETRACE_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"
#include "functions.h"
#include "intern.h"
#include "objects.h"
#include "paths.h"
#include "profile.h"
#include "stream.h"

/* An L record: a source line inside one function or one inlined copy. */
struct coverage_line {
	uint32_t file, line, func;	/* file: an index of struct coverage's; func: a number in its names */
	uint32_t object;		/* a number in its objects, if there is a profile */
	uint64_t count, ns;
};

/* The F records of one name in one file: the function and its inlined copies. */
struct coverage_func {
	uint32_t file, line, name;	/* the lowest line where one starts */
	uint64_t count;
};

/* An R record: a conditional branch. */
struct coverage_branch {
	uint32_t file, line, object;
	bool known;			/* the two counts are */
	uint64_t addr;			/* in the object */
	uint64_t taken, passed;		/* passed: not taken */
};

/* U records: unexplained code of one name. */
struct coverage_range {
	uint32_t object, name;		/* object: the file that it is of, or "-" */
	uint64_t count, ns;
};

struct coverage {
	struct intern *names;		/* of functions, escaped as in the stream */
	struct objects *objects;
	struct coverage_line *line;	/* by file, line and name */
	size_t n_line, cap_line;
	struct coverage_func *func;	/* by file, line and name */
	size_t n_func, cap_func;
	struct coverage_branch *branch;	/* by file, line, object and address */
	size_t n_branch, cap_branch;
	struct coverage_range *range;	/* those that ran most first */
	size_t n_range, cap_range;
	const char **file;		/* paths, unescaped, in order */
	size_t n_file;
	struct profile *profile;	/* what lines do not say; NULL: the format does not need it */
	struct calls *calls;		/* these two: NULL if the format does not need them */
	struct functions *functions;	/* that ran, inlined copies too; functions_settle() makes functions of them */
	bool seen_only;			/* counts are only 0 or 1: not how often, but whether */
	bool incomplete;		/* some of what ran is not in it */

	struct paths *paths;		/* not owned */
	struct intern *func_keys;	/* (file, name); a key's number is the index of its func */
	struct intern *branch_keys;	/* a key's number is the index of its branch */
	struct intern *range_keys;	/* (object, name); a key's number is the index of its range */
	bool events;			/* met an E record, and stopped */
	bool any;			/* met an F, L or R record */
};

void coverage_init(struct coverage *c, struct paths *paths);
void coverage_free(struct coverage *c);

/* Adds a stream.  What is excluded, and what has no source line, is left out. */
void coverage_read(struct coverage *c, struct stream *in);

/* The text of a function's name. */
static inline const char *coverage_name(const struct coverage *c, uint32_t name)
{
	return intern_text(c->names, name, NULL);
}

/*
 * The count of a source line, the sum of its L records.  The first of them is the one at
 * index *I, which moves past the last one.
 */
uint64_t coverage_count(const struct coverage *c, size_t *i);

/* COUNT, as it is to be shown. */
static inline uint64_t coverage_shown(const struct coverage *c, uint64_t count)
{
	return c->seen_only ? count > 0 : count;
}

#endif
