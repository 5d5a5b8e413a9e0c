/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order that reports have coverage in, whatever that of the records was.
 */
#ifndef ETRACE_ORDER_H
#define ETRACE_ORDER_H

#include "coverage.h"

/*
 * Puts files, lines, functions and branches in the order that coverage.h says, and settles the profile.  Call it
 * once, when all is read.
 */
void coverage_sort(struct coverage *c);

#endif
