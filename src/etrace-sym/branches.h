/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the conditional branches of an image: R records, with nothing counted.
 */
#ifndef ETRACE_BRANCHES_H
#define ETRACE_BRANCHES_H

#include "image.h"
#include "out.h"
#include "scopes.h"

struct branches;

/* For IM, which stays the caller's, as NAMES does.  NULL after a message. */
struct branches *branches_new(const struct image *im, struct names *names);
void branches_free(struct branches *b);

/* Writes those of U, whose rows and SCOPES were read, by address. */
void branches_write(struct branches *b, const struct unit *u, const struct scopes *scopes, struct out *o);

#endif
