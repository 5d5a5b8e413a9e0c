/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes how blocks end: K records.
 */
#ifndef ETRACE_SYM_ENDS_H
#define ETRACE_SYM_ENDS_H

#include "blocks.h"
#include "object.h"
#include "out.h"
#include "place.h"
#include "record.h"

struct ends;

/* All three stay the caller's. */
struct ends *ends_new(const struct objects *objects, struct places *places, const struct blocks *blocks);
void ends_free(struct ends *s);

/* A trace begins: each block gets a record again. */
void ends_new_trace(struct ends *s);

/*
 * Writes how the block E ends, number I of the blocks or NO_BLOCK, which is at AT; records call it NAMED, its place is
 * PLACE, and its line LINE.  Once a trace, name and code: the kernel's is patched at run time; nothing if its code or
 * its size is not known.
 */
void ends_put(struct ends *s, const struct record_e *e, uint32_t i, struct linked at, struct field named,
	      struct field place, struct field line, struct out *o);

/* Whether blocks of all machines could be read; it was said which could not.  Says how many blocks have no code. */
bool ends_check(const struct ends *s);

#endif
