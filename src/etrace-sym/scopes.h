/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions of a compilation unit that have code, and the inlined copies of functions, as DWARF
 * has them: DW_TAG_subprogram and DW_TAG_inlined_subroutine (DWARF 5, 3.3).
 */
#ifndef ETRACE_SYM_SCOPES_H
#define ETRACE_SYM_SCOPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lines.h"
#include "names.h"
#include "symtab.h"

struct scope {
	uint32_t name, file, line;	/* of its declaration; line 0 if not known */
	uint32_t parent;		/* what it is inside of, or SCOPE_NONE */
	uint64_t entry, size;		/* of the range that the entry is in; guest address, bytes */
	bool any_stmt;			/* a statement is in it: mapout.c's */
};

struct scopes {
	struct scope *scope;
	size_t n, cap;
	/* Which scope is innermost where: not overlapping, by address. */
	struct segment {
		uint64_t lo, hi;
		uint32_t scope;
	} *seg;
	size_t n_seg, cap_seg;
	struct piece {
		uint64_t lo, hi;
		uint32_t depth, scope;
	} *piece;		/* ranges as DWARF has them */
	size_t n_piece, cap_piece;
	struct decl {
		uint32_t file, line;
	} *decl;		/* where the scopes are declared, sorted */
	size_t n_decl, cap_decl;
	struct apart {
		uint64_t entry;
		uint32_t scope;
	} *apart;		/* copies that are entered where they have no range, by address */
	size_t n_apart, cap_apart;
	struct origin {
		const void *die;	/* of a function that has copies */
		uint32_t unit, name, file, line;
	} *origin;		/* by hash; those of the unit at hand have its number */
	size_t n_origin, origin_mask;
	uint32_t unit;
	uint64_t dropped;	/* functions that the linker dropped pretend to be in [0, dropped) of the DWARF */
	struct open *stack;	/* scratch */
	size_t cap_stack;
};

enum { SCOPE_NONE = UINT32_MAX };

/*
 * Reads the functions of U.  S is all zero, or what an earlier call left, whose memory is used
 * again.  Functions without a linkage name are named after their symbol, where that says more.
 */
void scopes_read(struct scopes *s, const struct lines *l, struct unit *u, const struct symtab *t,
		 struct names *names);
void scopes_free(struct scopes *s);

/*
 * The scope that a statement of FILE and LINE at ADDR belongs to, where INNER is innermost: that one,
 * one around it, or a copy that is entered there.  At the start of an inlined copy an optimising
 * compiler leaves rows of the calling lines too, and those are not the copy's.
 */
uint32_t scopes_of_line(const struct scopes *s, uint32_t inner, uint64_t addr, uint32_t file, uint32_t line);

/*
 * Whether a function has code at ADDR that can be of FILE and LINE: these are in that function or in
 * one that it has a copy of, or in none that is known.
 */
bool scopes_have(const struct scopes *s, uint64_t addr, uint32_t file, uint32_t line);

/* Whether a range of a function or copy ends at ADDR. */
bool scopes_end_at(const struct scopes *s, uint64_t addr);

#endif
