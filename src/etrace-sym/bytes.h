/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the code that ran is the code of the ELF files: T records tell the bytes of blocks.
 */
#ifndef ETRACE_SYM_BYTES_H
#define ETRACE_SYM_BYTES_H

#include "object.h"
#include "place.h"
#include "tb.h"

struct bytes;

/* OBJECTS, all of them, and PLACES stay the caller's. */
struct bytes *bytes_new(const struct objects *objects, struct places *places);
void bytes_free(struct bytes *b);

/* Compares a block's bytes with those of the object that has code there; sections without contents say nothing. */
void bytes_compare(struct bytes *b, const struct tb *tb);

/*
 * Says which objects hold other code than what ran at their addresses, in more than a quarter of the
 * blocks and in 4 or more: a kernel patches up to a tenth of its blocks.  Objects that are blamed already
 * are not named again.  False if one is.
 */
bool bytes_check(const struct bytes *b);

#endif
