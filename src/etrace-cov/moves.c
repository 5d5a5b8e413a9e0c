/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells what leads from block to block.
 * in:  a block that ends with a call to 402019f4; the block at 402019f4
 * out: MOVE_CALL
 */
#include "moves.h"

bool moves_within(const struct spots *s, const struct code *p, const struct code *n)
{
	if (n->start.in != p->start.in)
		return spots_same(s, n->start, p->start);
	return n->start.addr - p->start.addr < p->fall.addr - p->start.addr;
}

/* N comes without a call or return. */
static enum move on(const struct code *p, const struct code *n)
{
	if (p->clear || n->clear)
		return MOVE_STUB;
	return n->entry ? MOVE_TAIL : MOVE_PLAIN;
}

enum move moves_from(const struct spots *s, const struct code *p, const struct code *n)
{
	bool there = p->direct && spots_same(s, (struct spot){ p->to, p->start.in }, n->start);

	if (p->cut && n->cut && p->start.in == SPOT_GUEST && n->start.in == SPOT_GUEST)
		return MOVE_PLAIN;	/* nothing is known of either */
	if (p->end == END_RESUME)	/* x86 returns to what comes next to have the instructions read anew */
		return spots_same(s, p->fall, n->start) ? on(p, n) : MOVE_RESUME;
	if (p->direct ? there : p->end == END_CALL || p->end == END_JUMP || p->end == END_RETURN) {
		if (p->conditional && spots_same(s, p->fall, n->start))
			return on(p, n);
		if (p->end == END_CALL)
			return p->clear || n->clear ? MOVE_STUB : MOVE_CALL;
		if (p->end == END_RETURN)
			return MOVE_RETURN;
		if (p->direct || p->clear || n->clear || n->entry || n->func == p->func)
			return on(p, n);
		return MOVE_OUT;
	}
	if (spots_same(s, p->fall, n->start) && (p->conditional || p->end == END_NONE || p->end == END_TRAP))
		return on(p, n);
	if (moves_within(s, p, n))
		return MOVE_PLAIN;
	return p->end == END_TRAP ? MOVE_TRAP : MOVE_ODD;
}
