/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Cachegrind's and Callgrind's profiles share: all but whether objects are said.
 */
#ifndef ETRACE_GRIND_H
#define ETRACE_GRIND_H

#include "fmt.h"

/*
 * Writes C, which has a profile: with OBJECTS each cost is in its object, an ob= line; without, a function without
 * lines has its object for a file.  Its totals are those of the trace.  Returns true, as a report does.
 */
bool grind_report(const struct coverage *c, bool objects, struct out *o);

/* What both say of a file or function that is not known; of a profile that misses something; and of what ran. */
#define GRIND_UNKNOWN "???"
#define GRIND_INCOMPLETE "desc: Incomplete: some of what ran is not counted\n"
#define GRIND_CMD "cmd: (a guest traced in QEMU)\n"

/* A line: TAG, and a name. */
void grind_put_name(struct out *o, const char *tag, const char *name);

/* The path of an object of C's. */
const char *grind_object(const struct coverage *c, uint32_t object);

#endif
