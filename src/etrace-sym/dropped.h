/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions that the linker dropped, where there is code at address 0.
 *
 * A linker that drops a section leaves what DWARF says of it, and puts 0 for the addresses.  In most
 * ELF files nothing is there; in firmware it often is the vectors, and code after them.
 */
#ifndef ETRACE_SYM_DROPPED_H
#define ETRACE_SYM_DROPPED_H

#include "object.h"

/* Takes the spans and rows of dropped functions from OB's lines. */
void dropped_remove(struct object *ob, struct names *names);

#endif
