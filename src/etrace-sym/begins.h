/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How functions begin, in bytes: etrace-sym -c.
 */
#ifndef ETRACE_SYM_BEGINS_H
#define ETRACE_SYM_BEGINS_H

#include "object.h"
#include "out.h"

/*
 * Writes the first bytes of the first function that any object has of NAMES, separated by commas, in hexadecimal, as a
 * line.  False after a message if there is none.
 */
bool begins_put(const struct objects *obs, const char *names, struct out *o);

#endif
