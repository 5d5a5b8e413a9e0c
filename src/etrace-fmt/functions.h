/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions by where they are: of a line, which function it is in, be it inlined there or not.
 */
#ifndef ETRACE_FUNCTIONS_H
#define ETRACE_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intern.h"

#define NO_FUNCTION UINT32_MAX
#define NO_FILE UINT32_MAX

struct function {
	uint32_t object, name;		/* the caller's numbers of them */
	uint32_t file, line;		/* where it is declared; or NO_FILE, 0 */
	uint64_t addr, size;		/* in the object; size 0: where it ends is not known */
	bool called;			/* calls name it, so it is one, and no inlined copy */
	uint32_t outer;			/* the function around its beginning, or NO_FUNCTION */
};

struct functions {
	struct function *f;		/* once settled: by object and address, and then those without an address */
	size_t n, cap;
	size_t n_placed;		/* those that have an address */
	struct intern *keys;		/* (object, name), of the first of that name */
	uint32_t *by_key;		/* by a key's number: its index */
	size_t cap_by_key;
};

struct functions *functions_new(void);
void functions_free(struct functions *x);	/* X may be NULL */

/* Adds a function, or what may be an inlined copy. */
void functions_add(struct functions *x, struct function f);

/* Leaves out inlined copies, and makes what begins at one place one function, named as calls do.  Call it once. */
void functions_settle(struct functions *x);

/* The index of the one that has ADDR, or NO_FUNCTION. */
uint32_t functions_at(const struct functions *x, uint32_t object, uint64_t addr);

/* The index of the first with this name; of a new one in FILE, LINE if there is none. */
uint32_t functions_named(struct functions *x, uint32_t object, uint32_t name, uint32_t file, uint32_t line);

#endif
