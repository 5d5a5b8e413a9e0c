/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What it means that one block came after another, as far as both of them tell.
 */
#ifndef ETRACE_COV_MOVES_H
#define ETRACE_COV_MOVES_H

#include "code.h"

enum move {
	MOVE_PLAIN,		/* on in the same function */
	MOVE_CALL,
	MOVE_TAIL,		/* a jump to where a function begins */
	MOVE_STUB,		/* to a stub, or on in one, or out of it */
	MOVE_RETURN,
	MOVE_OUT,		/* an indirect jump into the middle of another function */
	MOVE_TRAP,		/* a system call, and then what does not come after it */
	MOVE_RESUME,		/* a return from an exception */
	MOVE_ODD,		/* what P ends with does not lead there */
};

enum move moves_from(const struct spots *s, const struct code *p, const struct code *n);

/* Whether N begins within P: an instruction of it did not complete, or is repeated. */
bool moves_within(const struct spots *s, const struct code *p, const struct code *n);

#endif
