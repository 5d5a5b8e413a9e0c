/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exceptions, interrupts and signals, and the ways back from them.
 * in:  a block that cannot come after the one before
 * out: a stack that begins with it, above the one that it interrupted
 */
#include "shadow.h"

uint32_t exception_kind(const struct calls *c)
{
	return c->machine ? FUNC_EXCEPTION : FUNC_SIGNAL;
}

/* Something that calls nothing came, FUNC, and interrupts what CPU runs: N. */
void exception_begin(struct calls *c, struct calls_cpu *cpu, uint32_t func, const struct code *n)
{
	struct stack *s = stack_new();

	s->under = cpu->stack;
	s->signal = func == FUNC_SIGNAL;
	stack_root(&c->tree, s, root_node(c, func), n->func);
	cpu->stack = s;
}

/* The stack of CPU ends, and it goes on with what that interrupted. */
void exception_uncover(struct calls *c, struct calls_cpu *cpu)
{
	struct stack *s = cpu->stack;

	cpu->stack = s->under;
	s->under = NULL;
	root_end(c, s);
}

/* Whether what was interrupted on U goes on at N. */
static bool resumes(const struct calls *c, const struct stack *u, const struct code *n)
{
	const struct code *p = u->last == NO_CODE ? NULL : codes_get(c->codes, u->last);

	if (!p)
		return false;
	if (moves_within(c->spots, p, n) || spots_same(c->spots, p->fall, n->start))
		return true;
	switch (moves_from(c->spots, p, n)) {
	case MOVE_RETURN:
		return waiting_for(c, u, n) || (n->entry && u->n && u->frame[u->n - 1].kind == FRAME_STUB);
	case MOVE_PLAIN:
	case MOVE_CALL:
	case MOVE_TAIL:
	case MOVE_STUB:
		return true;
	default:
		return false;
	}
}

/* Goes on with what was interrupted, if that goes on at BLOCK. */
static bool resume(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block), *p;

	for (struct stack *u = cpu->stack->under; u; u = u->under) {
		if (!resumes(c, u, n))
			continue;
		while (cpu->stack != u)
			exception_uncover(c, cpu);
		p = codes_get(c->codes, u->last);
		if (!moves_within(c->spots, p, n) || p->direct)
			calls_go(c, cpu, block);
		return true;
	}
	return false;
}

/* The stack of CPU is left for one of which nothing is known, for which the exception N came at once. */
static void begin_above_unknown(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	root_again(c, cpu, n);
	cpu->stack->last = NO_CODE;
	exception_begin(c, cpu, exception_kind(c), n);
}

/* Control came back from an exception to BLOCK. */
void exception_end(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block);
	struct stack *u = cpu->stack->under;

	if (resume(c, cpu, block))
		return;
	if (u) {
		const struct code *p = u->last == NO_CODE ? NULL : codes_get(c->codes, u->last);

		exception_uncover(c, cpu);
		if (p && p->func == n->func)
			return;
		if (funcs_get(c->funcs, n->func)->handler) {	/* the next one came at once */
			exception_begin(c, cpu, exception_kind(c), n);
			return;
		}
		if (p && p->start.in != SPOT_GUEST && n->start.in != SPOT_GUEST) {
			c->repairs[REPAIR_RESUMED]++;
			calls_jump(c, cpu, p, n);
			return;
		}
	} else if (waiting_for(c, cpu->stack, n)) {
		stack_pop(&c->tree, cpu->stack, cpu->stack->base - 1);	/* a return that changes the CPU's mode */
		return;
	} else if (funcs_get(c->funcs, n->func)->handler) {
		begin_above_unknown(c, cpu, n);
		return;
	}
	root_again(c, cpu, n);
}

void exception_trap(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block);

	if (cpu->stack->signal && resume(c, cpu, block))
		return;
	if (!c->machine && codes_after_trap(c->codes, n->start))
		root_again(c, cpu, n);		/* another thread */
	else
		exception_begin(c, cpu, exception_kind(c), n);
}

/* N cannot come after P: an exception or a signal, or a way out that is not known. */
void exception_odd(struct calls *c, struct calls_cpu *cpu, const struct code *p, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block);
	struct func *f = funcs_get(c->funcs, n->func);

	if (p->func == n->func && funcs_has_name(c->funcs, n->func) && !n->entry && !f->handler)
		return;		/* a branch that was patched there and back */
	if (p->patched && n->entry && !f->handler) {
		if (p->end == END_CALL)
			calls_call(c, cpu, p, n);
		else
			calls_jump(c, cpu, p, n);
		return;
	}
	if (c->machine && n->entry && p->cut && p->start.in == SPOT_GUEST && !f->handler) {
		root_again(c, cpu, n);		/* firmware starts the kernel */
		return;
	}
	if (c->machine || n->entry) {
		if (resume(c, cpu, block))
			return;
		f->handler |= n->entry;
		exception_begin(c, cpu, exception_kind(c), n);
	} else if (p->func != n->func && !resume(c, cpu, block) && !return_unwind(c, cpu, n)) {
		return_lose(c, cpu, n);
	}
}
