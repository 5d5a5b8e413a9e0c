/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions of a compilation unit that have code, and the inlined copies of functions, as DWARF
 * has them: DW_TAG_subprogram and DW_TAG_inlined_subroutine (DWARF 5, 3.3).
 */
#ifndef ETRACE_SCOPES_H
#define ETRACE_SCOPES_H

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
 * The scope that a statement of FILE and LINE belongs to, at an address where INNER is innermost:
 * that one, or one around it.  At the start of an inlined copy an optimising compiler leaves rows of
 * the calling lines too, and those are not the copy's.
 */
uint32_t scopes_of_line(const struct scopes *s, uint32_t inner, uint32_t file, uint32_t line);

#endif
