/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much of what ran is in no ELF file, and what may help: a message.
 */
#ifndef ETRACE_COV_UNEXPLAINED_H
#define ETRACE_COV_UNEXPLAINED_H

#include <stdbool.h>

#include "blocks.h"
#include "ranges.h"

/* Says it, if it is noticeable: R of all blocks of B.  SEEN: how often they ran is not known. */
void unexplained_warn(struct ranges *r, const struct blocks *b, bool seen);

#endif
