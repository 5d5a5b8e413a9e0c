/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the map of an object depends on, as a text: equal texts, equal maps.
 */
#ifndef ETRACE_SYM_MAPKEY_H
#define ETRACE_SYM_MAPKEY_H

#include <stdbool.h>

#include "object.h"

/* The key of OB's map with these options, to be freed; NULL if its map is to be made anew each time. */
char *mapkey(struct object *ob, bool branches, bool mangled);

/* Whether the map depends on nothing else; OB is ready. */
bool mapkey_tells_all(const struct object *ob);

#endif
