/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the conditional branches of an object: R records, with nothing counted.
 */
#ifndef ETRACE_SYM_CONDBR_H
#define ETRACE_SYM_CONDBR_H

#include "object.h"
#include "out.h"
#include "scopes.h"

struct condbr;

/* For OB, which stays the caller's, as NAMES does.  NULL after a message. */
struct condbr *condbr_new(const struct object *ob, struct names *names);
void condbr_free(struct condbr *b);

/* Writes those of U, whose rows and SCOPES were read, by address. */
void condbr_write(struct condbr *b, const struct unit *u, const struct scopes *scopes, struct out *o);

#endif
