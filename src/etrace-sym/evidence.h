/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What speaks for a section of an object file being where it may be, besides its bytes: what the kernel, or whatever
 * loaded it, wrote into it there.  A call must reach the function that the relocation names, and all that refers to one
 * section must agree on where that is.
 */
#ifndef ETRACE_SYM_EVIDENCE_H
#define ETRACE_SYM_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "code.h"
#include "object.h"
#include "place.h"

enum { EVIDENCE_OTHER = 48 };

struct evidence {
	unsigned good, bad;		/* relocations that agree with what is known, or do not */
	size_t bytes;			/* that are the same and that no relocation changed */
	/* Where other sections of the file would be: as their numbers, and higher than linked by so much. */
	struct evidence_other {
		uint32_t section, votes;
		uint64_t bias, mask;	/* the bits that are known */
	} other[EVIDENCE_OTHER];
	size_t n_other;
};

/*
 * What the N bytes at CODE say, which the guest has at AT, and S of OB has BIAS lower; P: where what it refers to is.
 * False if it speaks against it, or is too little to tell.  EV begins as all 0.
 */
bool evidence_add(struct evidence *ev, const struct places *p, struct object *ob, const struct section *s,
		  uint64_t bias, uint64_t at, const uint8_t *code, size_t n);

/* Adds to good and bad how far what was added agrees on where other sections are. */
void evidence_sum(struct evidence *ev);

/* Whether it does not speak against it. */
bool evidence_allows(const struct places *p, struct object *ob, const struct section *s, uint64_t bias, uint64_t at,
		     const uint8_t *code, size_t n);

#endif
