/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts that are kept from run to run, each under a key, in files of a directory of the user's: a cache.  What cannot
 * be kept or found again is no error, and is not said.
 *
 * The directory is $ETRACE_CACHE, or else etrace in $XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification).
 */
#ifndef ETRACE_SYM_KEPT_H
#define ETRACE_SYM_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "out.h"

enum { KEPT_MAX = 1 << 30 };	/* bytes in all; what was not used for longest goes first */

struct kept;

/* NULL if $ETRACE_CACHE is empty, or there is no such directory of the user's and none can be made. */
struct kept *kept_open(void);
void kept_close(struct kept *k);

/*
 * Copies the text of KEY to O (out_copy()).  False, with nothing written, if there is none, or what there is is
 * damaged, which is then removed.
 */
bool kept_get(struct kept *k, const char *key, struct out *o);

/* Keeps a text: begin, add all of it, end.  If WHOLE is false it is forgotten. */
struct keep;

struct keep *keep_begin(struct kept *k, const char *key);
void keep_add(struct keep *n, const char *p, size_t len);
void keep_end(struct keep *n, bool whole);

#endif
