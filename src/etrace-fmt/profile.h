/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a profile needs beside source lines, so that its totals are those of the trace: functions without
 * lines, blocks that no ELF file explains, and what the times are.
 */
#ifndef ETRACE_PROFILE_H
#define ETRACE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intern.h"
#include "stream.h"

/* An F record without a file. */
struct profile_func {
	uint32_t name;			/* the caller's number of it */
	uint64_t addr, size, count, ns;
};

struct profile {
	struct profile_func *func;
	size_t n_func, cap_func;
	struct profile_line *line;	/* that ran */
	size_t n_line, cap_line;
	struct intern *objects;		/* O records */
	char *object;			/* the file of the first one, as in the record, or NULL */
	uint64_t u_count, u_ns;		/* of U records */
	bool instructions, others;	/* times were that, and were something else */
	bool says_instructions, says_other, has_times;	/* the stream at hand does */
};

struct profile *profile_new(void);
void profile_free(struct profile *p);	/* P may be NULL */

/* A new stream begins, or the last one ended. */
void profile_cut(struct profile *p);

/* Takes an I, O or U record, or a stream's header; ignores others.  False if it is malformed. */
bool profile_read(struct profile *p, const char *rec, size_t len);

/* Adds a function without a file. */
void profile_add_func(struct profile *p, struct profile_func x);

/* Adds a source line of the function NAME; ADDRS is as in the record. */
void profile_add_line(struct profile *p, uint32_t name, struct field addrs, uint64_t count, uint64_t ns);

/*
 * Takes off each function the time of lines that are in it and of its name, and its count where there are any.
 * Puts functions in the order of their names' numbers.  Call it once, when all is read.
 */
void profile_settle(struct profile *p);

#endif
