/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user says of where code is, in files of places (placefile.h).
 */
#ifndef ETRACE_SYM_SAID_H
#define ETRACE_SYM_SAID_H

#include <stdbool.h>

#include "mapped.h"
#include "object.h"
#include "place.h"

/*
 * Places in P, as PLACE_SAID, what the file NAME says of OBJECTS, which are M's, and of files that M opens.  Lines of
 * other files are passed over.  False after a message: the file cannot be read, a line is malformed, or none is of any
 * of the objects.
 */
bool said_read(const char *name, struct mapped *m, const struct objects *objects, struct places *p);

#endif
