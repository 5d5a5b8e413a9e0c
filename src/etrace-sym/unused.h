/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ELF files that no block of the trace is in.
 */
#ifndef ETRACE_UNUSED_H
#define ETRACE_UNUSED_H

#include "annotate.h"
#include "image.h"

/*
 * If A was given blocks, says which of N images have none of them, but for those that are blamed
 * already.  False if all have none.
 */
bool unused_check(struct image *images, size_t n, const struct annotator *a);

#endif
