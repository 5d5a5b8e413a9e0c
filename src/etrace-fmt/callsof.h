/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Callers and callees of one function.
 */
#ifndef ETRACE_CALLSOF_H
#define ETRACE_CALLSOF_H

#include "fmt.h"
#include "tree.h"

/* Writes those of VIEW's function.  ST_USAGE, after a message, if it is not known which one is meant. */
enum status callsof(const struct stacks *x, const struct tree *t, const struct fmt_view *view, struct out *o);

#endif
