/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unexplained code, U records: what formats call it.
 */
#ifndef ETRACE_FMT_UNEXPLAINED_H
#define ETRACE_FMT_UNEXPLAINED_H

#include "coverage.h"

/* Adds a U record to C's ranges; what is of one name in one file is one.  False if it is malformed. */
bool unexplained_add(struct coverage *c, const char *rec, size_t len);

#endif
