/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What DWARF's tree says of functions: see scopes.h, which puts it in order.
 */
#ifndef ETRACE_SYM_DIETREE_H
#define ETRACE_SYM_DIETREE_H

#include "scopes.h"

/*
 * Adds the functions of U and their inlined copies to S, which has none: scopes, their pieces, those
 * apart, and declarations, as the tree has them; and what of it the linker dropped.
 */
void walk_unit(struct scopes *s, const struct lines *l, struct unit *u, const struct symtab *t, struct names *names);

#endif
