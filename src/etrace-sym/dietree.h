/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions of a compilation unit that have code, and the inlined copies of functions, as DWARF's tree of
 * debugging information entries has them: DW_TAG_subprogram and DW_TAG_inlined_subroutine (DWARF 5, 3.3).
 */
#ifndef ETRACE_SYM_DIETREE_H
#define ETRACE_SYM_DIETREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lines.h"
#include "names.h"
#include "symtab.h"

struct scope {
	uint32_t name, file, line;	/* of its declaration; line 0 if not known */
	uint32_t parent;		/* what it is inside of, or SCOPE_NONE */
	uint64_t entry, size;		/* where it is entered; bytes of the range that this is in, 0 if it is in none */
	bool any_stmt;			/* a statement is in it: mapout.c's */
};

enum { SCOPE_NONE = UINT32_MAX };

struct dietree {
	struct scope *scope;	/* in the order of the tree */
	size_t n, cap;
	struct piece {
		uint64_t lo, hi;
		uint32_t depth, scope;
	} *piece;		/* ranges of the scopes */
	size_t n_piece, cap_piece;
	struct decl {
		uint32_t file, line;
	} *decl;		/* where the scopes are declared */
	size_t n_decl, cap_decl;
	struct apart {
		uint64_t entry;
		uint32_t scope;
	} *apart;		/* copies that are entered where they have no range */
	size_t n_apart, cap_apart;
	struct origin {
		const void *die;	/* of a function that has copies */
		uint32_t unit, name, file, line;
	} *origin;		/* by hash; those of the unit at hand have its number */
	size_t n_origin, origin_mask;
	uint32_t unit;
	uint64_t dropped;	/* functions that the linker dropped pretend to be in [0, dropped) of the DWARF */
};

/*
 * Reads that of U.  D is all zero, or what an earlier call left, whose memory is used again.  Functions without a
 * linkage name are named after their symbol in T, where that says more.
 */
void dietree_read(struct dietree *d, const struct lines *l, struct unit *u, const struct symtab *t,
		  struct names *names);
void dietree_free(struct dietree *d);

#endif
