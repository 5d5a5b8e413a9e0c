/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One stack of the guest's, as the blocks that ran tell of it.
 */
#ifndef ETRACE_COV_STACK_H
#define ETRACE_COV_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calltree.h"
#include "code.h"

enum frame_kind {
	FRAME_CALL,		/* goes back to RET */
	FRAME_TAIL,		/* was jumped to: goes back where the FRAME_CALL below it does */
	FRAME_STUB,		/* a stub was called, and it is not known yet which function through it */
	FRAME_STUB_TAIL,	/* the same of a jump */
};

struct frame {
	struct spot ret;
	uint32_t arc;			/* ARC_NONE for a stub */
	uint32_t site;			/* the block that called */
	uint32_t func, node, base;	/* as they are in the stack when it has returned */
	uint8_t kind;			/* enum frame_kind */
	bool resolver;			/* FUNC binds a PLT's function, then jumps to it */
	bool quick;			/* nothing is known of FUNC that would make its return another than any */
	uint64_t times;			/* of a FRAME_TAIL: jumps by the same arc, before it returned from any */
	struct cost began;		/* the stack's cost then, the sum of so many */
};

/* A call to setjmp that returned to SPOT, and may do so again. */
struct mark {
	struct spot spot;
	uint32_t depth;			/* frames that there were */
};

struct stack {
	struct frame *frame;
	uint32_t n, cap;
	uint32_t base;			/* the last frame that returns, + 1; 0: none */
	uint32_t func, node;		/* that runs */
	uint32_t last;			/* block that ran */
	struct cost cost, settled;	/* of all since it began, and how much of that nodes have */
	struct mark *mark;
	uint32_t n_mark, cap_mark;
	struct stack *under;		/* that was interrupted; or NULL */
	uint64_t key;			/* while it waits: by which it is switched to (Y records); 0: not known */
	bool signal;			/* it began with a signal */
};

struct stack *stack_new(void);
void stack_free(struct stack *s);

/* From here on FUNC runs, directly below NODE. */
void stack_root(struct calltree *t, struct stack *s, uint32_t node, uint32_t func);

/* FUNC is called, at the end of the block SITE, and goes back to RET. */
void stack_call(struct calltree *t, struct stack *s, uint32_t site, uint32_t func, struct spot ret);

/* The same, by ARC, which is that of S's function, and of a function that may return quickly. */
void stack_call_again(struct calltree *t, struct stack *s, uint32_t arc, struct spot ret);

/* FUNC is jumped to. */
void stack_tail(struct calltree *t, struct stack *s, uint32_t site, uint32_t func);

/* A stub is called; RET as above, or it is jumped to if that is NULL. */
void stack_stub(struct stack *s, uint32_t site, const struct spot *ret);

/* The stub on top leads to FUNC. */
void stack_through(struct calltree *t, struct stack *s, uint32_t func);

/* The function on top may return again to SPOT. */
void stack_mark(struct stack *s, struct spot spot);

/* Returns from the frame on top. */
void stack_return(struct calltree *t, struct stack *s);

/* Returns from the frame number I, and from all above it. */
void stack_pop(struct calltree *t, struct stack *s, uint32_t i);

/* The frame on top was none, a stub or a call to get at an address. */
void stack_drop(struct stack *s);

/* Frame I and those above were none: what was spent in them is no part of what they are on. */
void stack_undo(struct calltree *t, struct stack *s, uint32_t i);

/* The last call of a function that has not returned, + 1; 0 if there is none. */
uint32_t stack_real_base(const struct stack *s);

/* Gives the node that runs what was spent since it was given something last. */
void stack_settle(struct calltree *t, struct stack *s);

#endif
