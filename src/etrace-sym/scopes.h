/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which function or inlined copy of a compilation unit is innermost where, and which one a line is of.
 */
#ifndef ETRACE_SYM_SCOPES_H
#define ETRACE_SYM_SCOPES_H

#include "dietree.h"

struct scopes {
	struct dietree tree;	/* its declarations and copies apart sorted, by place */
	struct stretch {
		uint64_t lo, hi;
		uint32_t scope;
	} *stretch;		/* which scope is innermost where: not overlapping, by address */
	size_t n_stretch, cap_stretch;
	struct open *stack;	/* scratch */
	size_t cap_stack;
};

/* Reads the functions of U.  S is all zero, or what an earlier call left, whose memory is used again. */
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
