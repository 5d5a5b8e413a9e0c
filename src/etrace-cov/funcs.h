/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions of a trace, by where they begin and what they are called, and what they are known for.
 */
#ifndef ETRACE_COV_FUNCS_H
#define ETRACE_COV_FUNCS_H

#include "record.h"
#include "spots.h"

/* What functions are known for, by their names. */
enum trait {
	TRAIT_NONE,
	TRAIT_CLEAR,		/* a stub, such as a return thunk: what it does is its caller's */
	TRAIT_SETJMP,		/* returns more than once */
	TRAIT_SWITCH,		/* returns on another stack */
	TRAIT_VECTOR,		/* an exception begins there */
	TRAIT_GATE,		/* the same, if it comes from another object; and it leads out of one */
	TRAIT_RESTORER,		/* ends a signal's handler */
};

struct func {
	struct spot entry;
	uint32_t name;		/* funcs.c's; NO_TEXT: none */
	uint32_t block;		/* the one that it was learned from */
	enum trait trait;
	bool handler;		/* of signals, as it turned out */
};

/* Functions that are none: where a stack begins that no function called. */
enum { FUNC_UNKNOWN, FUNC_SIGNAL, FUNC_EXCEPTION, FUNC_INTERRUPT, FUNC_PSEUDO };

struct funcs;

struct funcs *funcs_new(void);
void funcs_free(struct funcs *f);

/*
 * The number of the function NAME (no bytes: it has none), where OFF bytes into it the block number BLOCK begins, at
 * START.  Code that has no name is one function an object; in none, each block may turn out to be one.
 */
uint32_t funcs_put(struct funcs *f, struct spot start, struct field name, uint64_t off, uint32_t block);

/* The function with this number; until the next funcs_put(). */
struct func *funcs_get(const struct funcs *f, uint32_t func);

bool funcs_has_name(const struct funcs *f, uint32_t func);

/* "-" for none. */
struct field funcs_name(const struct funcs *f, uint32_t func);

#endif
