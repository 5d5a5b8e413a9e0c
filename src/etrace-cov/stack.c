/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pushes and pops frames.  Arcs get their counts when frames are popped.
 * in:  main calls collatz at block 7; 12 blocks and 40 ns later collatz returns
 * out: the arc from main to collatz at block 7 has 1 more, and 12 and 40
 */
#include "stack.h"

#include <stdlib.h>

#include "count.h"
#include "die.h"

struct stack *stack_new(void)
{
	struct stack *s = must_calloc(1, sizeof *s);

	s->last = NO_CODE;
	return s;
}

void stack_free(struct stack *s)
{
	free(s->frame);
	free(s->mark);
	free(s);
}

void stack_settle(struct calltree *t, struct stack *s)
{
	struct cost more = cost_since(s->cost, s->settled);
	struct cost *c = &t->node[s->node].cost;

	count_add_both(&c->blocks, more.blocks, &c->ns, more.ns);
	s->settled = s->cost;
}

void stack_root(struct calltree *t, struct stack *s, uint32_t node, uint32_t func)
{
	stack_settle(t, s);
	s->func = func;
	s->node = calltree_child(t, node, func);
}

/* FUNC runs from here on, called by ARC. */
static void enter(struct calltree *t, struct stack *s, uint32_t arc, uint32_t func)
{
	struct arc *a = &t->arc[arc];

	stack_settle(t, s);
	if (a->node != s->node) {
		a->node = s->node;
		a->child = calltree_child(t, s->node, func);
	}
	s->node = a->child;
	s->func = func;
}

static struct frame *push(struct stack *s, uint8_t kind, uint32_t site, uint32_t arc)
{
	struct frame *f;

	GROW(s->frame, s->n, s->cap);
	f = &s->frame[s->n++];
	*f = (struct frame){
		.arc = arc, .site = site, .func = s->func, .node = s->node, .base = s->base, .kind = kind, .times = 1,
		.began = s->cost,
	};
	return f;
}

void stack_call(struct calltree *t, struct stack *s, uint32_t site, uint32_t func, struct spot ret)
{
	uint32_t arc = calltree_arc(t, site, s->func, func);

	push(s, FRAME_CALL, site, arc)->ret = ret;
	s->base = s->n;
	enter(t, s, arc, func);
}

void stack_call_again(struct calltree *t, struct stack *s, uint32_t arc, struct spot ret)
{
	struct frame *f = push(s, FRAME_CALL, t->arc[arc].site, arc);

	f->ret = ret;
	f->quick = true;
	s->base = s->n;
	enter(t, s, arc, t->arc[arc].to);
}

void stack_tail(struct calltree *t, struct stack *s, uint32_t site, uint32_t func)
{
	uint32_t arc = calltree_arc(t, site, s->func, func), i = t->arc[arc].frame;

	if (i >= s->base && i < s->n && s->frame[i].arc == arc) {
		s->frame[i].times++;
		s->frame[i].began = cost_add(s->frame[i].began, s->cost);
	} else {
		t->arc[arc].frame = s->n;
		push(s, FRAME_TAIL, site, arc);
	}
	enter(t, s, arc, func);
}

/* A frame of the stack S returns. */
static void close_frame(struct calltree *t, const struct stack *s, const struct frame *f)
{
	struct arc *a = &t->arc[f->arc];

	a->count += f->times;		/* no more than there are blocks */
	count_add_both(&a->cost.blocks, s->cost.blocks * f->times - f->began.blocks,
		       &a->cost.ns, s->cost.ns * f->times - f->began.ns);
}

/* Goes back to what was before frame I. */
static void drop(struct stack *s, uint32_t i)
{
	s->func = s->frame[i].func;
	s->node = s->frame[i].node;
	s->base = s->frame[i].base;
	s->n = i;
	while (s->n_mark && s->mark[s->n_mark - 1].depth > i)
		s->n_mark--;
}

void stack_stub(struct stack *s, uint32_t site, const struct spot *ret)
{
	struct frame *f = push(s, ret ? FRAME_STUB : FRAME_STUB_TAIL, site, ARC_NONE);

	if (!ret)
		return;
	f->ret = *ret;
	s->base = s->n;
}

void stack_through(struct calltree *t, struct stack *s, uint32_t func)
{
	struct frame f = s->frame[s->n - 1];

	drop(s, s->n - 1);
	if (f.kind == FRAME_STUB)
		stack_call(t, s, f.site, func, f.ret);
	else
		stack_tail(t, s, f.site, func);
}

/* The last call of a function that has not returned, + 1; 0 if there is none. */
uint32_t stack_real_base(const struct stack *s)
{
	uint32_t base = s->base;

	while (base && s->frame[base - 1].kind == FRAME_STUB)
		base = s->frame[base - 1].base;
	return base;
}

void stack_pop(struct calltree *t, struct stack *s, uint32_t i)
{
	stack_settle(t, s);
	for (uint32_t k = s->n; k-- > i;)
		if (s->frame[k].arc != ARC_NONE)
			close_frame(t, s, &s->frame[k]);
	if (i < s->n)
		drop(s, i);
}

void stack_return(struct calltree *t, struct stack *s)
{
	stack_settle(t, s);
	close_frame(t, s, &s->frame[s->n - 1]);
	drop(s, s->n - 1);
}

void stack_mark(struct stack *s, struct spot spot)
{
	for (uint32_t i = s->n_mark; i-- && s->mark[i].depth == s->n;)
		if (s->mark[i].spot.addr == spot.addr && s->mark[i].spot.in == spot.in)
			return;
	GROW(s->mark, s->n_mark, s->cap_mark);
	s->mark[s->n_mark++] = (struct mark){ spot, s->n };
}

void stack_drop(struct stack *s)
{
	drop(s, s->n - 1);
}

void stack_undo(struct calltree *t, struct stack *s, uint32_t i)
{
	stack_settle(t, s);
	s->cost = s->settled = s->frame[i].began;
	drop(s, i);
}
