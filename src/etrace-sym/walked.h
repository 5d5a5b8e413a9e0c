/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records of several blocks, W and J: which objects these are of.
 */
#ifndef ETRACE_SYM_WALKED_H
#define ETRACE_SYM_WALKED_H

#include <stdbool.h>
#include <stddef.h>

#include "known.h"
#include "out.h"
#include "unsized.h"

struct walked;

/* K stays the caller's. */
struct walked *walked_new(struct known *k);
void walked_free(struct walked *w);

/*
 * Write the record in LINE (LEN bytes, no newline) to O, annotated, and with the sizes of blocks that U knows.  False
 * if it is malformed: nothing is written.
 */
bool walked_w(struct walked *w, const char *line, size_t len, struct out *o);
bool walked_j(struct walked *w, const char *line, size_t len, struct unsized *u, struct out *o);

#endif
