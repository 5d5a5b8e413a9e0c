/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ELF files that no block of the trace is in.
 */
#ifndef ETRACE_SYM_UNUSED_H
#define ETRACE_SYM_UNUSED_H

#include "annotate.h"
#include "object.h"
#include "place.h"

/*
 * If A was given blocks, says which objects have none of them, but for those that are blamed already.  False if all
 * have none.
 */
bool unused_check(const struct objects *objects, struct places *places, const struct annotator *a);

#endif
