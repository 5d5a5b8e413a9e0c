/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the map of an image: O, F and L records for all its code, executed or not, with count 0.
 */
#ifndef ETRACE_MAPOUT_H
#define ETRACE_MAPOUT_H

#include "image.h"
#include "out.h"

/* Names that are new are added to NAMES. */
void mapout_write(struct image *im, struct names *names, struct out *o);

#endif
