/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the map of an object: F, L and R records for all its code, executed or not, with count 0.
 */
#ifndef ETRACE_SYM_MAPOUT_H
#define ETRACE_SYM_MAPOUT_H

#include <stdbool.h>

#include "names.h"
#include "object.h"
#include "out.h"

/* The map of OB, to be written to O, and with BRANCHES its conditional branches.  None of what is given is owned. */
struct mapout;

struct mapout *mapout_new(struct object *ob, struct names *names, bool branches, struct out *o);
void mapout_free(struct mapout *m);

/* Writes the next piece, of a compilation unit; false after the last one. */
bool mapout_step(struct mapout *m);

/* False if something was left out, after a message. */
bool mapout_is_whole(const struct mapout *m);

#endif
