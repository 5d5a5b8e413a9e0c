/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where objects are in the guest: the one room where the guest's addresses become the ones that an object was linked
 * for.
 *
 * The guest's addresses are a type of their own, struct guest.  All others in etrace-sym are linked ones, and mean
 * something only together with their object.
 *
 * A place is a stretch [lo, hi) of the guest's addresses that holds an object's code from a linked address on.  An
 * object may have several, also at different times.  A block whose bytes are known is in a place only if the object
 * has these bytes there, unless the user said where the object is and it was linked: between the sections of an object
 * file a loader may put code of its own.  A block whose bytes are not known goes by its address.
 * Places of 32-bit objects wrap at 2^32, as the guest's addresses do.
 */
#ifndef ETRACE_SYM_PLACE_H
#define ETRACE_SYM_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "guest.h"
#include "match.h"
#include "object.h"
#include "out.h"

/* What is at a guest's address. */
struct linked {
	struct object *in;	/* NULL: no object has code there */
	uint64_t addr;		/* in it, as linked */
};

/* How a place is known.  Of places of the same code the first of these is taken. */
enum origin {
	PLACE_SAID,		/* by the user */
	PLACE_MAPPED,		/* by the trace */
	PLACE_FOUND,		/* by the bytes of the code */
	PLACE_LINKED,		/* not at all: as linked */
};

struct place {
	struct object *of;
	enum origin origin;
	uint64_t lo, size;	/* of the guest */
	uint64_t linked;	/* what is at lo */
	uint64_t top;		/* the highest address of the guest, where it wraps */
	bool nowhere;		/* its object is elsewhere: no block is here */
	uint32_t first, last;	/* 1 and the numbers of the first and the last block found here; 0: none was */
	uint8_t *pages;		/* bits: its pages in which one was, if the object patches itself; NULL: none yet */
	bool shown;		/* an A record said that it is at: */
	uint64_t shown_lo;
};

/* A file as the user names it: PATH, or PATH@BIAS with the bias in hex, unless there is a file of all that name. */
struct named {
	char *path;		/* the caller's to free */
	uint64_t bias;		/* how much higher than linked it was loaded; of an object file: where it was */
	bool placed;		/* the user said it */
};

struct named place_parse(const char *name);

struct places;

struct places *places_new(void);
void places_free(struct places *p);

/*
 * Places OB, which stays the caller's and where it is, as the user says, or where it was linked.  An object file that
 * was not linked (ET_REL) is nowhere, unless the user says it.
 */
void places_add(struct places *p, struct object *ob, const struct named *as);

/* A place of OB from linked address LINKED on, of SIZE bytes, at LO; until the next trace begins.  It stays. */
struct place *places_put(struct places *p, struct object *ob, enum origin origin, struct guest lo, uint64_t linked,
			 uint64_t size);

/* The same for all code of OB, BIAS higher than linked. */
void places_put_all(struct places *p, struct object *ob, enum origin origin, uint64_t bias);

/*
 * The object file OB is at AT, as the user says: its code but for .init*, in the order of its sections, each aligned,
 * as Linux loads modules (kernel/module/main.c, layout_sections()).
 */
void places_put_core(struct places *p, struct object *ob, struct guest at);

/* The trace says that something else is in [LO, HI) from here on: what was mapped there is gone. */
void places_unmap(struct places *p, struct guest lo, uint64_t hi);

/* Whether the user said where OB is. */
bool place_is_said(const struct places *p, const struct object *ob);

/*
 * What the facts of a trace say, until the next trace begins, of an object whose place the user did not say: its
 * lowest segment with code is at CODE; it is not where it was linked; and of all: the addresses of blocks are the low
 * 32 bits of what they are.
 */
void place_code(struct places *p, const struct object *ob, struct guest code);
void place_nowhere(struct places *p, const struct object *ob);
void place_low_halves(struct places *p, bool low);
void place_new_trace(struct places *p);

/* A number that is another one after each change: what was found before may not be so any more. */
unsigned places_version(const struct places *p);

/* All of them, N. */
struct place *const *places_all(const struct places *p, size_t *n);

/* Whether X has code of its object at AT; *ADDR is then where it was linked. */
bool place_holds(const struct place *x, struct guest at, uint64_t *addr);

/* How the bytes of block I compare with X, where it may be; MATCH_UNKNOWN if it is not in X's range. */
enum match place_compare(const struct place *x, const struct blocks *b, uint32_t i);

/* Finds out where block I is, as far as that is known yet. */
void place_block(struct places *p, struct blocks *b, uint32_t i);

/* OB was found: does that again for the blocks that it seemed to have where it was linked. */
void place_again(struct places *p, struct blocks *b, const struct object *ob);

/* What is at AT, by the address alone. */
struct linked place_find(struct places *p, struct guest at);

/*
 * The same for the block I that begins at AT, or NO_BLOCK, of which O, with an A record, is told where its object is,
 * before the first block there.
 */
struct linked place_executed(struct places *p, const struct blocks *b, uint32_t i, struct guest at, struct out *o);

/* Where the guest has what OB has at ADDR, in its first place. */
struct guest place_guest(const struct places *p, const struct object *ob, uint64_t addr);

#endif
