/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where objects are in the guest: the one room where the guest's addresses become those that an object was linked
 * for.
 *
 * The guest's addresses are a type of their own, struct guest.  All others in etrace-sym are linked ones, and mean
 * something only together with their object.
 *
 * A place is a stretch [lo, hi) of the guest's addresses that holds an object's code from a linked address on.  An
 * object has one, or several where its code is far apart; where places overlap, the object named first has the
 * block.  Places of 32-bit objects wrap at 2^32, as the guest's addresses do.
 */
#ifndef ETRACE_SYM_PLACE_H
#define ETRACE_SYM_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "object.h"
#include "out.h"

/* An address that the guest has. */
struct guest {
	uint64_t addr;
};

/* What is there. */
struct linked {
	struct object *in;	/* NULL: no object has code there */
	uint64_t addr;		/* in it, as linked */
};

/* A file as the user names it: PATH, or PATH@BIAS with the bias in hex, unless there is a file of all that name. */
struct named {
	char *path;		/* the caller's to free */
	uint64_t bias;		/* how much higher than linked it was loaded */
	bool placed;		/* the user said it */
};

struct named place_parse(const char *name);

struct places;

struct places *places_new(void);
void places_free(struct places *p);

/* Places OB, which stays the caller's and where it is, as the user says, or where it was linked. */
void places_add(struct places *p, struct object *ob, const struct named *as);

/* Whether the user said where OB is. */
bool place_is_said(const struct places *p, const struct object *ob);

/*
 * What the facts of a trace say, until the next trace begins, of an object whose place the user did not say: its
 * lowest segment with code is at CODE; it is anywhere, so that no block is in it; and of all: the addresses of blocks
 * are the low 32 bits of what they are.
 */
void place_code(struct places *p, const struct object *ob, struct guest code);
void place_nowhere(struct places *p, const struct object *ob);
void place_low_halves(struct places *p, bool low);
void place_new_trace(struct places *p);

/* A number that is another one after each change: what was found before may not be so any more. */
unsigned places_version(const struct places *p);

/* What is at AT. */
struct linked place_find(struct places *p, struct guest at);

/* The same for a block, of which O, with an A record, is told where its object is, before its first block there. */
struct linked place_block(struct places *p, struct guest at, struct out *o);

/* Where the guest has what OB has at ADDR, in its first place. */
struct guest place_guest(const struct places *p, const struct object *ob, uint64_t addr);

#endif
