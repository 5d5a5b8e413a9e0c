/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the column "steps" of W records is coded: the items of run.h, with the numbers of the blocks in the record as
 * nodes, from 1 on.  Node 0 is where the record begins, and no node has a successor then.
 *
 * A number has digits of 5 bits, the lowest first, and 32 more in all but the last digit.
 *
 * in:  blocks 1 2 1 2 1 3
 * out: 11121153, which are 0 firsts and node 1, 0 and 2, 0 and 1; 2 firsts and node 3
 */
#ifndef ETRACE_STEPS_H
#define ETRACE_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "run.h"

enum {
	STEPS_DIGITS_MAX = 7,			/* of a number of 32 bits */
	STEPS_ITEM_MAX = 2 * STEPS_DIGITS_MAX,	/* bytes */
	STEPS_FIRSTS_MAX = 1 << 30,		/* of an item; more of them need another record */
};

static inline char *steps_put_digit(char *p, uint32_t digit)
{
	*p = (char)('0' + digit + (digit >= '\\' - '0'));
	return p + 1;
}

/* Puts V at P; returns the byte after. */
static inline char *steps_put(char *p, uint32_t v)
{
	for (; v >= 32; v >>= 5)
		p = steps_put_digit(p, v % 32 + 32);
	return steps_put_digit(p, v);
}

/* Gets *V from P, before END; returns the byte after, or NULL if it is malformed. */
static inline const char *steps_get(const char *p, const char *end, uint32_t *v)
{
	uint64_t x = 0;

	for (unsigned shift = 0; p < end && shift < 5 * STEPS_DIGITS_MAX; shift += 5) {
		unsigned digit = (unsigned char)*p++ - (unsigned)'0';

		digit -= digit > '\\' - '0';
		if (digit >= 64)
			return NULL;
		x |= (uint64_t)(digit & 31) << shift;
		if (digit < 32) {
			*v = (uint32_t)x;
			return x <= UINT32_MAX ? p : NULL;
		}
	}
	return NULL;
}

/* The steps of a record that are not read yet, and how many blocks they are. */
struct steps {
	const char *p, *end;
	uint64_t left;
};

enum steps_to {
	STEPS_NODE,	/* FIRSTS first successors, and then NODE */
	STEPS_SECOND,	/* the same, and then the second successor */
	STEPS_END,	/* FIRSTS first successors, and that is all */
	STEPS_BAD,	/* the record is malformed */
};

/*
 * The next item.  The caller moves: run_first() from each first successor to the next; to the node, which may be one
 * that the record does not have, run_step().
 */
static inline enum steps_to steps_next(struct steps *s, uint64_t *firsts, uint32_t *node)
{
	uint32_t v;
	const char *p;

	if (s->p == s->end) {
		*firsts = s->left;
		s->left = 0;
		return STEPS_END;
	}
	p = steps_get(s->p, s->end, &v);
	*firsts = v >> 1;
	if (p && v & 1)
		p = steps_get(p, s->end, node);
	if (!p || *firsts >= s->left)
		return STEPS_BAD;
	s->p = p;
	s->left -= *firsts + 1;
	return v & 1 ? STEPS_NODE : STEPS_SECOND;
}

#endif
