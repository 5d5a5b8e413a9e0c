/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that the trace says were mapped, and where: G records.
 */
#ifndef ETRACE_SYM_MAPPED_H
#define ETRACE_SYM_MAPPED_H

#include "names.h"
#include "object.h"
#include "place.h"
#include "record.h"

enum { MAPPED_MAX = 1024 };	/* files that are opened */

struct mapped;

/*
 * Objects that are mapped are placed in PLACES.  OPEN: files that none of OBJECTS is of are opened, as in object.h,
 * and become objects too.  All stay the caller's.
 */
struct mapped *mapped_new(struct objects *objects, struct places *places, struct names *names, const char *debug_dir,
			  bool open);
void mapped_free(struct mapped *m);

void mapped_g(struct mapped *m, const struct record_g *g);

/* The object of the file PATH, by its path, else by its base name, opened as in mapped_new(); NULL if there is none. */
struct object *mapped_object(struct mapped *m, const char *path);

/* The guest's [LO, HI), HI 0 being 2^64, is the file of OB from byte OFFSET on. */
void mapped_put(struct mapped *m, struct object *ob, enum origin origin, struct guest lo, uint64_t hi, uint64_t offset);

/* Says which of the files that were opened have no source lines, and what helps. */
void mapped_check(const struct mapped *m);

#endif
