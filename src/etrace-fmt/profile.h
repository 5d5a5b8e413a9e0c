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

#include "times.h"

/* An F record without a file. */
struct profile_func {
	uint32_t object, name;		/* the caller's numbers of them */
	uint64_t addr, size, count, ns;	/* addr: in the object */
};

/* An L record: the time of a line in one function. */
struct profile_line {
	uint32_t object, name;		/* name: of the function */
	uint32_t file, line;		/* file: the caller's number, or its word for none */
	uint64_t addr, count, ns;	/* addr: of its first statement */
};

struct profile {
	struct profile_func *func;
	size_t n_func, cap_func;
	struct profile_line *line;	/* that ran */
	size_t n_line, cap_line;
	struct times times;
};

struct profile *profile_new(void);
void profile_free(struct profile *p);	/* P may be NULL */

/* Adds a function without a file. */
void profile_add_func(struct profile *p, struct profile_func x);

/* Adds a source line, with or without a file. */
void profile_add_line(struct profile *p, struct profile_line x);

/*
 * Takes the time of each line off the function of the object that it is in and that has its name, and the
 * function's count too: it is counted by its lines.  Puts functions in the order of their objects' and names'
 * numbers.  Call it once, when all is read.
 */
void profile_settle(struct profile *p);

#endif
