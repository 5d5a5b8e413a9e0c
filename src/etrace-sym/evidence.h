/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What speaks for a section of an object file being where it may be, besides its bytes: what the kernel, or whatever
 * loaded it, wrote into it there.  A call must reach the function that the relocation names, and all that refers to one
 * section must agree on where that is.
 */
#ifndef ETRACE_SYM_EVIDENCE_H
#define ETRACE_SYM_EVIDENCE_H

#include <stddef.h>
#include <stdint.h>

#include "code.h"
#include "object.h"
#include "place.h"

enum { EVIDENCE_SECTIONS = 16 };

struct evidence {
	unsigned good, bad;		/* relocations that agree with what is known, or do not */
	size_t bytes;			/* that are the same and that no relocation changed */
	/* Where other sections of the file would be: as their numbers, and higher than linked by so much. */
	struct {
		uint32_t section;
		uint64_t bias, mask;	/* the bits that are known */
	} other[EVIDENCE_SECTIONS];
	size_t n_other;
};

/*
 * Adds what the N bytes at CODE say, which the guest has at AT, and S of OB has BIAS lower.  P: where others are that
 * it refers to; EV begins as all 0.
 */
void evidence_add(struct evidence *ev, const struct places *p, struct object *ob, const struct section *s,
		  uint64_t bias, uint64_t at, const uint8_t *code, size_t n);

#endif
