/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stacks begin, and wait while their CPU runs another: tasks and coroutines.
 * in:  CPU 0 returns, in a function that switches stacks, to where the call on top of a waiting stack is to return
 * out: CPU 0 goes on with that stack, and the one that it had waits
 */
#include "shadow.h"

#include "die.h"

enum { MAX_IDLE = 4096, NEAR = 8 };

/* All of S has returned, and of what it interrupted. */
void root_end(struct calls *c, struct stack *s)
{
	while (s) {
		struct stack *under = s->under;

		stack_pop(&c->tree, s, 0);
		stack_free(s);
		s = under;
	}
}

uint32_t root_node(struct calls *c, uint32_t func)
{
	return calltree_child(&c->tree, NODE_TOP, func);
}

/* S begins with the function of N; by what it is not known unless N is where that begins. */
void root_begin(struct calls *c, struct stack *s, const struct code *n)
{
	bool known = n->entry || !funcs_has_name(c->funcs, n->func);

	stack_root(&c->tree, s, known ? NODE_TOP : root_node(c, FUNC_UNKNOWN), n->func);
}

/* A stack that begins with N. */
struct stack *root_new(struct calls *c, const struct code *n)
{
	struct stack *s = stack_new();

	root_begin(c, s, n);
	return s;
}

/* What was on the stack of CPU is not any more, and N begins it. */
void root_again(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	stack_pop(&c->tree, cpu->stack, 0);
	cpu->stack->n_mark = 0;
	root_begin(c, cpu->stack, n);
}

/* S waits until its CPU, or another, comes back to it. */
void waiting_put(struct calls *c, struct stack *s)
{
	if (c->n_idle == MAX_IDLE) {
		root_end(c, c->idle[0]);
		c->n_idle--;
		for (size_t i = 0; i < c->n_idle; i++)
			c->idle[i] = c->idle[i + 1];
		c->repairs[REPAIR_LOST]++;
	}
	GROW(c->idle, c->n_idle, c->cap_idle);
	c->idle[c->n_idle++] = s;
}

static struct stack *take_idle(struct calls *c, size_t i)
{
	struct stack *s = c->idle[i];

	for (c->n_idle--; i < c->n_idle; i++)
		c->idle[i] = c->idle[i + 1];
	return s;
}

/* Whether the call on top of S waits for N. */
bool waiting_for(const struct calls *c, const struct stack *s, const struct code *n)
{
	return s->base && spots_same(c->spots, s->frame[s->base - 1].ret, n->start);
}

/* Back to stack S, whose call on top waits for what comes. */
static void go_on_with(struct calls *c, struct calls_cpu *cpu, struct stack *s)
{
	cpu->stack = s;
	stack_pop(&c->tree, s, s->base - 1);
}

/* Goes on with an idle stack that waits for N; OLD, if any, is idle then.  False if there is none. */
bool waiting_find(struct calls *c, struct calls_cpu *cpu, const struct code *n, struct stack *old)
{
	size_t found = SIZE_MAX, several = 0;

	for (size_t i = c->n_idle; i--;) {
		if (c->idle[i]->key || !waiting_for(c, c->idle[i], n))
			continue;
		found = several++ ? found : i;
	}
	if (!several)
		return false;
	c->repairs[REPAIR_GUESSED] += several > 1;
	go_on_with(c, cpu, take_idle(c, found));
	if (old)
		waiting_put(c, old);
	return true;
}

/* How many calls on top of S have returned when the next one returns to N; NEAR or more if that is far away. */
static uint32_t depth_of(const struct calls *c, const struct stack *s, const struct code *n)
{
	uint32_t depth = 0;

	for (uint32_t i = s->base; i && depth < NEAR; i = s->frame[i - 1].base, depth++)
		if (spots_same(c->spots, s->frame[i - 1].ret, n->start))
			return depth;
	return NEAR;
}

/*
 * The stack of CPU was the wrong one, which a return to N tells: goes on with an idle one that has such a call near its
 * top. False if there is none.
 */
bool waiting_mend(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	uint32_t least = NEAR, depth;
	struct stack *old = cpu->stack, *s;
	size_t found = 0;

	for (size_t i = c->n_idle; i-- && least;) {
		depth = c->idle[i]->key ? NEAR : depth_of(c, c->idle[i], n);
		found = depth < least ? i : found;
		least = depth < least ? depth : least;
	}
	if (least == NEAR)
		return false;
	c->repairs[REPAIR_GUESSED]++;
	s = take_idle(c, found);
	waiting_put(c, old);
	cpu->stack = s;
	stack_pop(&c->tree, s, return_find(c, s, n) - 1);
	return true;
}

/* CPU returns to N on the stack that a Y record said. */
void waiting_switch(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *old = cpu->stack;
	size_t i;

	cpu->switching = false;
	stack_pop(&c->tree, old, stack_real_base(old));	/* but not its call: it is to come back to that */
	old->key = cpu->task;
	cpu->task = cpu->key;
	for (i = 0; i < c->n_idle && c->idle[i]->key != cpu->key; i++)
		;
	if (i < c->n_idle) {
		struct stack *s = take_idle(c, i);

		waiting_put(c, old);
		if (waiting_for(c, s, n)) {
			go_on_with(c, cpu, s);
		} else {
			c->repairs[REPAIR_LOST] += !n->entry;	/* else a new task, in the memory of one that ended */
			root_end(c, s);
			cpu->stack = root_new(c, n);
		}
		return;
	}
	if (waiting_find(c, cpu, n, old))
		return;		/* to the first one of a CPU, which had no name yet */
	c->repairs[REPAIR_MOVED] += !n->entry;
	waiting_put(c, old);
	cpu->stack = root_new(c, n);
}
