/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ELF files that records name in column "in", each with a number, and which file each is: O records say.
 */
#ifndef ETRACE_OBJECTS_H
#define ETRACE_OBJECTS_H

#include <stdint.h>

#include "record.h"

struct objects;

struct objects *objects_new(void);
void objects_free(struct objects *x);

/* The number of the object that records call NAME. */
uint32_t objects_number(struct objects *x, struct field name);

/* Takes the path of an object.  O records may come after those that name it. */
void objects_add(struct objects *x, const struct record_o *r);

/* The name of an object, as in records; "-" is an object that is not known.  Valid until the next objects_number(). */
const char *objects_name(const struct objects *x, uint32_t number);

/*
 * Its path, as in the record; its name if no O record gives it a path, or several give it different ones.  Valid as
 * a name is.
 */
const char *objects_path(const struct objects *x, uint32_t number);

#endif
