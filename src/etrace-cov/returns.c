/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Returns, and other ways out of functions.
 * in:  a block of collatz that ends with a return; the block of main after its call of collatz
 * out: collatz has returned
 */
#include "shadow.h"

/* The frame from which S returns to N, + 1; or 0. */
uint32_t return_find(const struct calls *c, const struct stack *s, const struct code *n)
{
	for (uint32_t i = s->base; i; i = s->frame[i - 1].base)
		if (spots_same(c->spots, s->frame[i - 1].ret, n->start))
			return i;
	return 0;
}

/* An exception of a language is caught at N, in a frame of S: the number of the one above it, + 1; or 0. */
static uint32_t find_catch(const struct calls *c, const struct stack *s, const struct code *n)
{
	for (uint32_t i = n->catch == NO_TEXT ? 0 : s->base; i; i = s->frame[i - 1].base)
		if (s->frame[i - 1].ret.in == n->start.in && codes_catches(c->codes, n, s->frame[i - 1].ret.addr - 1))
			return i;
	return 0;
}

/* Goes back to where setjmp returned to N, on S.  False if it did not. */
static bool jump_back(struct calls *c, struct stack *s, const struct code *n)
{
	for (uint32_t i = s->n_mark; i--;) {
		if (spots_same(c->spots, s->mark[i].spot, n->start)) {
			stack_pop(&c->tree, s, s->mark[i].depth);
			return true;
		}
	}
	return false;
}

/* Control left functions for N, without a return: an exception, or longjmp(), out of a signal's handler too. */
bool return_unwind(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	uint32_t i;

	for (struct stack *s = cpu->stack; s; s = s->under) {
		if (!(i = find_catch(c, s, n)) && !jump_back(c, s, n))
			continue;
		while (cpu->stack != s)
			exception_uncover(c, cpu);
		if (i)
			stack_pop(&c->tree, s, i - 1);
		return true;
	}
	return false;
}

/*
 * The CPU returned to N, and the call on top does not wait for that, but a restorer comes: what was called is a
 * handler.
 */
static bool end_handler(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *s = cpu->stack;
	uint32_t i = s->base - 1, func;

	if (c->machine || (funcs_get(c->funcs, n->func)->trait != TRAIT_RESTORER && n->end != END_TRAP))
		return false;
	if (!s->base && s->signal)
		stack_pop(&c->tree, s, 0);	/* what the handler jumped to */
	if (!s->base || s->frame[i].arc == ARC_NONE)
		return s->signal;
	func = c->tree.arc[s->frame[i].arc].to;
	s->last = s->frame[i].site;
	stack_undo(&c->tree, s, i);
	exception_begin(c, cpu, FUNC_SIGNAL, &(struct code){ .func = func });
	funcs_get(c->funcs, func)->handler = true;
	c->repairs[REPAIR_GUESSED]++;
	return true;
}

/* What was taken for a signal's handler returns to where the program called it, or jumped to it by a return. */
static bool end_call(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *s = cpu->stack, *u = s->under;
	const struct code *p = u && !s->base ? codes_get(c->codes, u->last) : NULL;
	struct cost cost = s->cost;

	if (p && p->end == END_CALL && spots_same(c->spots, p->fall, n->start))
		stack_call(&c->tree, u, u->last, s->func, p->fall);
	else if (p && p->end == END_RETURN && waiting_for(c, u, n))
		stack_tail(&c->tree, u, u->last, s->func);
	else
		return false;
	exception_uncover(c, cpu);
	u->cost = cost_add(u->cost, cost);
	u->settled = cost_add(u->settled, cost);
	stack_pop(&c->tree, u, u->base - 1);
	return true;
}

/* No call waits for N, to which the CPU returned. */
void return_lose(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *s = cpu->stack;

	for (uint32_t i = s->n; i--;) {
		if (s->frame[i].func == n->func) {
			stack_pop(&c->tree, s, i);
			c->repairs[REPAIR_LOST]++;
			return;
		}
	}
	c->repairs[REPAIR_LOST] += s->n > 0;
	root_again(c, cpu, n);
}

/*
 * Calls on top of S that were none, to tell an address, or to fill what a processor predicts returns by, have not
 * returned where the call below them waits for N.
 */
static bool drop_tricks(struct calls *c, struct stack *s, const struct code *n)
{
	uint32_t base = stack_real_base(s);

	if (base == s->base || !base || !spots_same(c->spots, s->frame[base - 1].ret, n->start))
		return false;
	stack_pop(&c->tree, s, base);
	return true;
}

/* The CPU returned from P to N, and the call on top of its stack does not wait for that. */
static void return_elsewhere(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;
	bool switches = funcs_get(c->funcs, s->func)->trait == TRAIT_SWITCH;
	uint32_t i;

	if (drop_tricks(c, s, n)) {
		return_to(c, cpu, p, n);
	} else if (s->base && s->frame[s->n - 1].kind == FRAME_STUB) {
		stack_drop(s);
		calls_jump(c, cpu, p, n);		/* a retpoline */
	} else if (return_unwind(c, cpu, n)) {
		return;
	} else if ((i = return_find(c, s, n))) {
		stack_pop(&c->tree, s, i - 1);
	} else if (end_call(c, cpu, n) || end_handler(c, cpu, n)) {
		return;
	} else if (switches && n->entry) {
		waiting_put(c, s);
		cpu->stack = root_new(c, n);
	} else if (n->entry && c->machine) {
		calls_jump(c, cpu, p, n);		/* by a return, as kernels do when they start */
	} else if (n->entry) {
		exception_begin(c, cpu, FUNC_SIGNAL, n);
	} else if (!waiting_mend(c, cpu, n)) {
		return_lose(c, cpu, n);
	}
}

/* Whether what was called last is setjmp, which may have jumped on to others. */
static bool called_setjmp(const struct calls *c, const struct stack *s)
{
	for (uint32_t i = s->base; i < s->n; i++)
		if (funcs_get(c->funcs, s->frame[i].func)->trait == TRAIT_SETJMP)
			return true;
	return funcs_get(c->funcs, s->func)->trait == TRAIT_SETJMP;
}

void return_to(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;

	if (cpu->switching && stack_real_base(s) <= cpu->switch_depth) {
		waiting_switch(c, cpu, n);
	} else if (!waiting_for(c, s, n)) {
		if (!moves_within(c->spots, p, n))	/* else it runs again: a window of SPARC was filled */
			return_elsewhere(c, cpu, p, n);
	} else if (funcs_get(c->funcs, s->func)->trait != TRAIT_SWITCH || !waiting_find(c, cpu, n, s)) {
		bool again = called_setjmp(c, s);

		stack_pop(&c->tree, s, s->base - 1);
		if (again)
			stack_mark(s, n->start);
	}
}
