/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls: which function called which, from which source line, how often and at what cost (C records), and what each
 * function spent itself (S records).
 */
#ifndef ETRACE_FMT_CALLS_H
#define ETRACE_FMT_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include "intern.h"
#include "objects.h"
#include "record.h"

/* What stacks call a function without a name; C records have "-". */
#define STACK_UNKNOWN "[unknown]"

/* A function that calls or is called. */
struct calls_func {
	uint32_t object, name;		/* the caller's numbers of them */
	uint64_t entry;			/* in the object */
};

/* Calls from one source line of a function. */
struct calls_arc {
	uint32_t from, to;		/* indexes of functions */
	uint32_t file, line;		/* file: as the caller says; line 0: not known */
	uint64_t count, blocks, ns;	/* blocks, ns: from the calls until their returns */
};

struct calls {
	struct intern *names;		/* these two are not owned */
	struct objects *objects;
	struct intern *func_keys;	/* (object, entry); a key's number is the index of its function */
	struct calls_func *func;
	size_t n_func, cap_func;
	struct calls_arc *arc;		/* one may be there several times */
	size_t n_arc, cap_arc;
	uint64_t *own;			/* by name: blocks entered in functions of that name themselves */
	size_t n_own;
};

struct calls *calls_new(struct intern *names, struct objects *objects);
void calls_free(struct calls *x);	/* X may be NULL */

/* Adds calls, from LINE of FILE. */
void calls_add(struct calls *x, const struct record_c *r, uint32_t file, uint32_t line);

/* Adds what was spent in the innermost function of a stack. */
void calls_add_own(struct calls *x, const struct record_s *r);

#endif
