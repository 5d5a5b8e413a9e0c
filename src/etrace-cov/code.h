/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the blocks of one trace are for those who follow calls: how each ends, of which function it is, and what
 * that function is known for.
 */
#ifndef ETRACE_COV_CODE_H
#define ETRACE_COV_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "record.h"

/* An address: of an object, by its number, or the guest's, of what is in none. */
struct spot {
	uint64_t addr;
	uint32_t in;		/* SPOT_GUEST: none */
};

enum { SPOT_GUEST = UINT32_MAX };

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
	uint32_t name;		/* code_text(); NO_TEXT: none */
	uint32_t block;		/* the one that it was learned from */
	enum trait trait;
	bool handler;		/* of signals, as it turned out */
};

/* Functions that are none: where a stack begins that no function called. */
enum { FUNC_UNKNOWN, FUNC_SIGNAL, FUNC_EXCEPTION, FUNC_INTERRUPT, FUNC_PSEUDO };

/* How one block is followed by another (moves.h). */
struct next {
	uint32_t block;
	uint32_t arc;		/* of a call: as it was counted last (calltree.h) */
	uint8_t move;
};

struct code {
	struct next next[2];	/* of blocks that came before; NO_CODE for none */
	struct spot start, fall;	/* fall: the first byte after it */
	uint64_t at, to;
	uint32_t func;
	uint8_t end;		/* enum end */
	bool conditional, direct, has_at;
	bool entry;		/* its function begins here */
	bool clear;		/* a stub's */
	bool cut;		/* K does not tell how it ends */
	bool patched;		/* it has had other K records, and may end so again */
	uint32_t catch;		/* where exceptions come from that are caught here, for codes_catches(); NO_TEXT: none */
};

enum { NO_CODE = UINT32_MAX };

struct codes;

/* BLOCKS, whose numbers are those of the codes, stays the caller's. */
struct codes *codes_new(struct blocks *blocks);
void codes_free(struct codes *c);

/* Whether the trace is of a machine, and not of one program; before the first block. */
void codes_of_machine(struct codes *c, bool machine);

/* Takes the K record of the block with number ID. */
void codes_k(struct codes *c, uint32_t id, const struct record_k *k);

/* Adds an A record; false if it is malformed. */
bool codes_a(struct codes *c, const char *line, size_t len);

/* Whether there was a K record. */
bool codes_any(const struct codes *c);

/* The block with number ID; valid until the next call with a number that is new. */
struct code *codes_get(struct codes *c, uint32_t id);

/* What is known before without looking: the first N of them. */
struct code *codes_all(struct codes *c, uint32_t *n);

struct func *codes_func(struct codes *c, uint32_t func);
uint32_t codes_n_funcs(const struct codes *c);
bool codes_has_name(const struct codes *c, uint32_t func);
struct field codes_func_name(const struct codes *c, uint32_t func);

/* Whether both are the same address, as far as A records say. */
bool codes_same(const struct codes *c, struct spot a, struct spot b);

/* Whether a system call, or another trap, ends right before this address. */
bool codes_after_trap(const struct codes *c, struct spot s);

/* Whether exceptions that come from AT, in the same object, are caught at X. */
bool codes_catches(const struct codes *c, const struct code *x, uint64_t at);

#endif
