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

#endif
