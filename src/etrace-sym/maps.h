/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the maps of all objects, those that were kept or else new ones.
 */
#ifndef ETRACE_SYM_MAPS_H
#define ETRACE_SYM_MAPS_H

#include <stdbool.h>

#include "names.h"
#include "object.h"
#include "out.h"

struct map_options {
	bool branches;		/* R records too */
	bool mangled;		/* as NAMES are made */
	bool keep;		/* use maps that were kept, and keep those that are made (kept.h) */
};

/* Those of OBJECTS, to be written to O: an O record and the map, one object after the other.  None is owned. */
struct maps;

struct maps *maps_new(const struct objects *objects, struct names *names, const struct map_options *options,
		      struct out *o);
void maps_free(struct maps *m);

/* Writes those that are kept, up to the first that is not: early, so that whoever reads them can begin. */
void maps_kept(struct maps *m);

/* Writes the next piece; false if all is written. */
bool maps_step(struct maps *m);

/* False if something was left out, after a message. */
bool maps_are_whole(struct maps *m);

#endif
