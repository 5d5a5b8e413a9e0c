/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a profile needs beside source lines and unexplained code, so that its totals are those of the trace: functions
 * without lines, and what the times are.
 */
#ifndef ETRACE_PROFILE_H
#define ETRACE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fact.h"
#include "record.h"

/* An F record without a file. */
struct profile_func {
	uint32_t object, name;		/* the caller's numbers of them */
	uint64_t addr, size, count, ns;	/* addr: in the object */
};

/* An L record: the time of a line in one function. */
struct profile_line {
	uint32_t object, name;		/* name: of the function */
	uint64_t addr, ns;		/* addr: of its first statement */
};

struct profile {
	struct profile_func *func;
	size_t n_func, cap_func;
	struct profile_line *line;	/* that ran */
	size_t n_line, cap_line;
	bool instructions, others;	/* times were that, and were something else */
	bool says_instructions, says_other, has_times;	/* the stream at hand does */
};

struct profile *profile_new(void);
void profile_free(struct profile *p);	/* P may be NULL */

/* A new stream begins, or the last one ended. */
void profile_cut(struct profile *p);

/* Takes a fact about the stream. */
void profile_add_fact(struct profile *p, struct fact f);

/* Notes a time of the stream at hand. */
void profile_add_time(struct profile *p, uint64_t ns);

/* Adds a function without a file. */
void profile_add_func(struct profile *p, struct profile_func x);

/* Adds a source line, with or without a file, that ran COUNT times. */
void profile_add_line(struct profile *p, struct profile_line x, uint64_t count);

/*
 * Takes the time of each line off the function of the object that it is in and that has its name, and the
 * function's count too: it is counted by its lines.  Puts functions in the order of their objects' and names'
 * numbers.  Call it once, when all is read.
 */
void profile_settle(struct profile *p);

#endif
