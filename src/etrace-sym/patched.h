/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Code that was changed while it ran, by an object that does so.
 */
#ifndef ETRACE_SYM_PATCHED_H
#define ETRACE_SYM_PATCHED_H

#include "blocks.h"

/* Blocks that are nowhere, and lie between blocks of one object that patches itself, are that one's too. */
void patched_place(struct blocks *blocks);

#endif
