/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the map of an object: O, F, L and R records for all its code, executed or not, with count 0.
 */
#ifndef ETRACE_SYM_MAPOUT_H
#define ETRACE_SYM_MAPOUT_H

#include <stdbool.h>

#include "object.h"
#include "names.h"
#include "out.h"

/*
 * The map of OBJECTS, to be written to O: for each its origin, its functions and its lines, all counts 0, and with
 * BRANCHES its conditional branches.  None of what is given is owned.
 */
struct mapper;

struct mapper *mapout_new(const struct objects *objects, struct names *names, bool branches, struct out *o);
void mapout_free(struct mapper *m);

/* Writes the next piece, of a compilation unit; false if all is written. */
bool mapout_step(struct mapper *m);

/* False if something was left out, after a message. */
bool mapout_is_whole(const struct mapper *m);

#endif
