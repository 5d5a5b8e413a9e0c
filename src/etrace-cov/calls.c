/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows the stacks of a trace.
 * in:  blocks of main, one that ends with a call to collatz, blocks of collatz, one that returns, the next one of main
 * out: main called collatz
 */
#include "calls.h"

#include <stdlib.h>

#include "die.h"
#include "record.h"

enum { MAX_CPU = 65535, MAX_IDLE = 4096, NEAR = 8, MAX_FRAMES = 1 << 20 };

struct calls {
	struct codes *codes;
	struct calltree tree;
	struct calls_cpu *cpu;
	size_t n_cpu;
	struct stack **idle;	/* that wait for their CPU to come back, the last one last */
	size_t n_idle, cap_idle;
	uint64_t repairs[REPAIRS];
	bool machine;		/* not one program: exceptions and interrupts come, and no signals */
};

struct calls *calls_new(struct blocks *blocks)
{
	struct calls *c = must_calloc(1, sizeof *c);

	c->codes = codes_new(blocks);
	calltree_init(&c->tree, c->codes);
	c->machine = true;
	codes_of_machine(c->codes, true);
	return c;
}

void calls_free(struct calls *c)
{
	if (!c)
		return;
	calls_end(c);
	codes_free(c->codes);
	calltree_free(&c->tree);
	free(c->cpu);
	free(c->idle);
	free(c);
}

void calls_k(struct calls *c, uint32_t id, const struct record_k *k)
{
	codes_k(c->codes, id, k);
}

bool calls_a(struct calls *c, const char *line, size_t len)
{
	return codes_a(c->codes, line, len);
}

void calls_fact(struct calls *c, struct fact f)
{
	if (f.key == FACT_MODE)
		c->machine = !field_is(f.value, "user");
	codes_of_machine(c->codes, c->machine);
}

bool calls_x(struct calls *c, const char *line, size_t len)
{
	struct calls_cpu *cpu;
	struct record_x x;

	if (!record_read_x(line, len, &x))
		return false;
	cpu = calls_cpu(c, x.cpu);
	if (!field_is(x.kind, "-")) {
		cpu->cut = 1 + (field_is(x.kind, "interrupt") ? FUNC_INTERRUPT : FUNC_EXCEPTION);
		cpu->special = true;
	}
	return true;
}

/* The last call of a function that has not returned, + 1; 0 if there is none. */
static uint32_t real_base(const struct stack *s)
{
	uint32_t base = s->base;

	while (base && s->frame[base - 1].kind == FRAME_STUB)
		base = s->frame[base - 1].base;
	return base;
}

bool calls_y(struct calls *c, const char *line, size_t len)
{
	struct calls_cpu *cpu;
	struct record_y y;

	if (!record_read_y(line, len, &y))
		return false;
	cpu = calls_cpu(c, y.cpu);
	cpu->switching = true;
	cpu->key = y.stack;
	cpu->switch_depth = real_base(cpu->stack);
	return true;
}

struct calls_cpu *calls_cpu(struct calls *c, uint64_t cpu)
{
	size_t n = c->n_cpu;

	cpu = cpu <= MAX_CPU ? cpu : MAX_CPU;
	if (cpu >= n) {
		c->n_cpu = cpu + 1;
		c->cpu = must_realloc(c->cpu, c->n_cpu, sizeof *c->cpu);
		for (; n < c->n_cpu; n++)
			c->cpu[n] = (struct calls_cpu){ .stack = stack_new() };
	}
	c->cpu[cpu].code = codes_all(c->codes, &c->cpu[cpu].n_code);
	return &c->cpu[cpu];
}

/* ---- stacks come and go ---- */

/* All of S has returned, and of what it interrupted. */
static void end_stack(struct calls *c, struct stack *s)
{
	while (s) {
		struct stack *under = s->under;

		stack_pop(&c->tree, s, 0);
		stack_free(s);
		s = under;
	}
}

/* S waits until its CPU, or another, comes back to it. */
static void put_idle(struct calls *c, struct stack *s)
{
	if (c->n_idle == MAX_IDLE) {
		end_stack(c, c->idle[0]);
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
static bool waits_for(const struct calls *c, const struct stack *s, const struct code *n)
{
	return s->base && codes_same(c->codes, s->frame[s->base - 1].ret, n->start);
}

static uint32_t pseudo(struct calls *c, uint32_t func)
{
	return calltree_child(&c->tree, NODE_TOP, func);
}

/* S begins with the function of N; by what it is not known unless N is where that begins. */
static void begin(struct calls *c, struct stack *s, const struct code *n)
{
	stack_root(&c->tree, s, n->entry || !codes_has_name(c->codes, n->func) ? NODE_TOP : pseudo(c, FUNC_UNKNOWN), n->func);
}

/* A stack that begins with N. */
static struct stack *new_stack(struct calls *c, const struct code *n)
{
	struct stack *s = stack_new();

	begin(c, s, n);
	return s;
}

/* What was on the stack of CPU is not any more, and N begins it. */
static void begin_again(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	stack_pop(&c->tree, cpu->stack, 0);
	cpu->stack->n_mark = 0;
	begin(c, cpu->stack, n);
}

/* Something that calls nothing came, FUNC, and interrupts what CPU runs: N. */
static void interrupt(struct calls *c, struct calls_cpu *cpu, uint32_t func, const struct code *n)
{
	struct stack *s = stack_new();

	s->under = cpu->stack;
	s->signal = func == FUNC_SIGNAL;
	stack_root(&c->tree, s, pseudo(c, func), n->func);
	cpu->stack = s;
}

/* The stack of CPU ends, and it goes on with what that interrupted. */
static void uncover(struct calls *c, struct calls_cpu *cpu)
{
	struct stack *s = cpu->stack;

	cpu->stack = s->under;
	s->under = NULL;
	end_stack(c, s);
}

/* ---- returns ---- */

/* Back to stack S, whose call on top waits for what comes. */
static void go_on_with(struct calls *c, struct calls_cpu *cpu, struct stack *s)
{
	cpu->stack = s;
	stack_pop(&c->tree, s, s->base - 1);
}

/* The frame from which S returns to N, + 1; or 0. */
static uint32_t find_return(const struct calls *c, const struct stack *s, const struct code *n)
{
	for (uint32_t i = s->base; i; i = s->frame[i - 1].base)
		if (codes_same(c->codes, s->frame[i - 1].ret, n->start))
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
		if (codes_same(c->codes, s->mark[i].spot, n->start)) {
			stack_pop(&c->tree, s, s->mark[i].depth);
			return true;
		}
	}
	return false;
}

/* Control left functions for N, without a return: an exception, or longjmp(), out of a signal's handler too. */
static bool unwind(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	uint32_t i;

	for (struct stack *s = cpu->stack; s; s = s->under) {
		if (!(i = find_catch(c, s, n)) && !jump_back(c, s, n))
			continue;
		while (cpu->stack != s)
			uncover(c, cpu);
		if (i)
			stack_pop(&c->tree, s, i - 1);
		return true;
	}
	return false;
}

/* Goes on with an idle stack that waits for N; OLD, if any, is idle then.  False if there is none. */
static bool find_idle(struct calls *c, struct calls_cpu *cpu, const struct code *n, struct stack *old)
{
	size_t found = SIZE_MAX, several = 0;

	for (size_t i = c->n_idle; i--;) {
		if (c->idle[i]->key || !waits_for(c, c->idle[i], n))
			continue;
		found = several++ ? found : i;
	}
	if (!several)
		return false;
	c->repairs[REPAIR_GUESSED] += several > 1;
	go_on_with(c, cpu, take_idle(c, found));
	if (old)
		put_idle(c, old);
	return true;
}

/* How many calls on top of S have returned when the next one returns to N; NEAR or more if that is far away. */
static uint32_t depth_of(const struct calls *c, const struct stack *s, const struct code *n)
{
	uint32_t depth = 0;

	for (uint32_t i = s->base; i && depth < NEAR; i = s->frame[i - 1].base, depth++)
		if (codes_same(c->codes, s->frame[i - 1].ret, n->start))
			return depth;
	return NEAR;
}

/*
 * The stack of CPU was the wrong one, which a return to N tells: goes on with an idle one that has such a call near its top.
 * False if there is none.
 */
static bool mend(struct calls *c, struct calls_cpu *cpu, const struct code *n)
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
	put_idle(c, old);
	cpu->stack = s;
	stack_pop(&c->tree, s, find_return(c, s, n) - 1);
	return true;
}

/* CPU returns to N on the stack that a Y record said. */
static void switch_stack(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *old = cpu->stack;
	size_t i;

	cpu->switching = false;
	stack_pop(&c->tree, old, real_base(old));	/* but not its call: it is to come back to that */
	old->key = cpu->task;
	cpu->task = cpu->key;
	for (i = 0; i < c->n_idle && c->idle[i]->key != cpu->key; i++)
		;
	if (i < c->n_idle) {
		struct stack *s = take_idle(c, i);

		put_idle(c, old);
		if (waits_for(c, s, n)) {
			go_on_with(c, cpu, s);
		} else {
			c->repairs[REPAIR_LOST] += !n->entry;	/* else a new task, in the memory of one that ended */
			end_stack(c, s);
			cpu->stack = new_stack(c, n);
		}
		return;
	}
	if (waits_for(c, old, n) && find_idle(c, cpu, n, old))
		return;
	c->repairs[REPAIR_MOVED] += !n->entry;
	put_idle(c, old);
	cpu->stack = new_stack(c, n);
}

/* Control comes to N from a stub, or without a call. */
static void jump(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;
	bool stub = s->n && s->frame[s->n - 1].kind >= FRAME_STUB;

	if (n->clear) {
		if (!stub)
			stack_stub(s, s->last, NULL);
		else
			s->frame[s->n - 1].times++;
	} else if (stub && p->clear) {
		/* A stub that leads to its function is one block.  The first one of a PLT, for all of them, leads to the resolver. */
		bool resolver = s->frame[s->n - 1].times > 1;

		stack_through(&c->tree, s, n->func);
		s->frame[s->n - 1].resolver = resolver;
	} else if (n->entry) {
		stack_tail(&c->tree, s, s->last, n->func);
	}
}

/* The CPU returned to N, and the call on top does not wait for that, but a restorer comes: what was called is a handler. */
static bool end_handler(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *s = cpu->stack;
	uint32_t i = s->base - 1, func;

	if (c->machine || (codes_func(c->codes, n->func)->trait != TRAIT_RESTORER && n->end != END_TRAP))
		return false;
	if (!s->base && s->signal)
		stack_pop(&c->tree, s, 0);	/* what the handler jumped to */
	if (!s->base || s->frame[i].arc == ARC_NONE)
		return s->signal;
	func = c->tree.arc[s->frame[i].arc].to;
	s->last = s->frame[i].site;
	stack_undo(&c->tree, s, i);
	interrupt(c, cpu, FUNC_SIGNAL, &(struct code){ .func = func });
	codes_func(c->codes, func)->handler = true;
	c->repairs[REPAIR_GUESSED]++;
	return true;
}

/* What was taken for a signal's handler returns to where the program called it, or jumped to it by a return. */
static bool end_call(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *s = cpu->stack, *u = s->under;
	const struct code *p = u && !s->base ? codes_get(c->codes, u->last) : NULL;
	struct cost cost = s->cost;

	if (p && p->end == END_CALL && codes_same(c->codes, p->fall, n->start))
		stack_call(&c->tree, u, u->last, s->func, p->fall);
	else if (p && p->end == END_RETURN && waits_for(c, u, n))
		stack_tail(&c->tree, u, u->last, s->func);
	else
		return false;
	uncover(c, cpu);
	u->cost = cost_add(u->cost, cost);
	u->settled = cost_add(u->settled, cost);
	stack_pop(&c->tree, u, u->base - 1);
	return true;
}

static uint32_t interruption(const struct calls *c)
{
	return c->machine ? FUNC_EXCEPTION : FUNC_SIGNAL;
}

/* No call waits for N, to which the CPU returned. */
static void lose(struct calls *c, struct calls_cpu *cpu, const struct code *n)
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
	begin_again(c, cpu, n);
}

static void come_back(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n);

/*
 * Calls on top of S that were none, to tell an address, or to fill what a processor predicts returns by, have not returned where
 * the call below them waits for N.
 */
static bool drop_tricks(struct calls *c, struct stack *s, const struct code *n)
{
	uint32_t base = real_base(s);

	if (base == s->base || !base || !codes_same(c->codes, s->frame[base - 1].ret, n->start))
		return false;
	stack_pop(&c->tree, s, base);
	return true;
}

/* The CPU returned from P to N, and the call on top of its stack does not wait for that. */
static void return_elsewhere(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;
	bool switches = codes_func(c->codes, s->func)->trait == TRAIT_SWITCH;
	uint32_t i;

	if (drop_tricks(c, s, n)) {
		come_back(c, cpu, p, n);
	} else if (s->base && s->frame[s->n - 1].kind == FRAME_STUB) {
		stack_drop(s);
		jump(c, cpu, p, n);		/* a retpoline */
	} else if (unwind(c, cpu, n)) {
		return;
	} else if ((i = find_return(c, s, n))) {
		stack_pop(&c->tree, s, i - 1);
	} else if (end_call(c, cpu, n) || end_handler(c, cpu, n)) {
		return;
	} else if (switches && n->entry) {
		put_idle(c, s);
		cpu->stack = new_stack(c, n);
	} else if (n->entry && c->machine) {
		jump(c, cpu, p, n);		/* by a return, as kernels do when they start */
	} else if (n->entry) {
		interrupt(c, cpu, FUNC_SIGNAL, n);
	} else if (!mend(c, cpu, n)) {
		lose(c, cpu, n);
	}
}

/* Whether what was called last is setjmp, which may have jumped on to others. */
static bool called_setjmp(const struct calls *c, const struct stack *s)
{
	for (uint32_t i = s->base; i < s->n; i++)
		if (codes_func(c->codes, s->frame[i].func)->trait == TRAIT_SETJMP)
			return true;
	return codes_func(c->codes, s->func)->trait == TRAIT_SETJMP;
}

static void come_back(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;

	if (cpu->switching && real_base(s) <= cpu->switch_depth) {
		switch_stack(c, cpu, n);
	} else if (!waits_for(c, s, n)) {
		if (!moves_within(c->codes, p, n))	/* else it runs again: a window of SPARC was filled */
			return_elsewhere(c, cpu, p, n);
	} else if (codes_func(c->codes, s->func)->trait != TRAIT_SWITCH || !find_idle(c, cpu, n, s)) {
		bool again = called_setjmp(c, s);

		stack_pop(&c->tree, s, s->base - 1);
		if (again)
			stack_mark(s, n->start);
	}
}

/* ---- exceptions ---- */

/* Whether what was interrupted on U goes on at N. */
static bool resumes(const struct calls *c, const struct stack *u, const struct code *n)
{
	const struct code *p = u->last == NO_CODE ? NULL : codes_get(c->codes, u->last);

	if (!p)
		return false;
	if (moves_within(c->codes, p, n) || codes_same(c->codes, p->fall, n->start))
		return true;
	switch (moves_from(c->codes, p, n)) {
	case MOVE_RETURN:
		return waits_for(c, u, n);
	case MOVE_PLAIN:
	case MOVE_CALL:
	case MOVE_TAIL:
	case MOVE_STUB:
		return true;
	default:
		return false;
	}
}

static void go(struct calls *c, struct calls_cpu *cpu, uint32_t block);

/* Goes on with what was interrupted, if that goes on at BLOCK. */
static bool resume(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block), *p;

	for (struct stack *u = cpu->stack->under; u; u = u->under) {
		if (!resumes(c, u, n))
			continue;
		while (cpu->stack != u)
			uncover(c, cpu);
		p = codes_get(c->codes, u->last);
		if (!moves_within(c->codes, p, n) || p->direct)
			go(c, cpu, block);
		return true;
	}
	return false;
}

/* Control came back from an exception to BLOCK. */
static void end_exception(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block);
	struct stack *u = cpu->stack->under;

	if (resume(c, cpu, block))
		return;
	if (u) {
		const struct code *p = u->last == NO_CODE ? NULL : codes_get(c->codes, u->last);

		uncover(c, cpu);
		if (p && p->func == n->func)
			return;
		if (codes_func(c->codes, n->func)->handler) {	/* the next one came at once */
			interrupt(c, cpu, interruption(c), n);
			return;
		}
		if (p && p->start.in != SPOT_GUEST && n->start.in != SPOT_GUEST) {
			c->repairs[REPAIR_RESUMED]++;
			jump(c, cpu, p, n);
			return;
		}
	}
	begin_again(c, cpu, n);
}

static void trap(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block);

	if (cpu->stack->signal && resume(c, cpu, block))
		return;
	if (!c->machine && codes_after_trap(c->codes, n->start))
		begin_again(c, cpu, n);		/* another thread */
	else
		interrupt(c, cpu, interruption(c), n);
}

/* The call at the end of P comes to N. */
static void call(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;

	if (n->clear || (!n->entry && n->func == s->func))
		stack_stub(s, s->last, &p->fall);
	else
		stack_call(&c->tree, s, s->last, n->func, p->fall);
}

/* N cannot come after P: an exception or a signal, or a way out that is not known. */
static void odd(struct calls *c, struct calls_cpu *cpu, const struct code *p, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block);
	struct func *f = codes_func(c->codes, n->func);

	if (p->func == n->func && codes_has_name(c->codes, n->func) && !n->entry && !f->handler)
		return;		/* a branch that was patched there and back */
	if (p->patched && n->entry && !f->handler) {
		if (p->end == END_CALL)
			call(c, cpu, p, n);
		else
			jump(c, cpu, p, n);
		return;
	}
	if (c->machine && n->entry && p->cut && p->start.in == SPOT_GUEST && !f->handler) {
		begin_again(c, cpu, n);		/* firmware starts the kernel */
		return;
	}
	if (c->machine || n->entry) {
		if (resume(c, cpu, block))
			return;
		f->handler |= n->entry;
		interrupt(c, cpu, interruption(c), n);
	} else if (p->func != n->func && !resume(c, cpu, block) && !unwind(c, cpu, n)) {
		lose(c, cpu, n);
	}
}

/* ---- from block to block ---- */

static void stub(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	if (p->end == END_CALL && !codes_same(c->codes, p->fall, n->start))
		call(c, cpu, p, n);
	else
		jump(c, cpu, p, n);
}

/* The resolver of a PLT jumps to the function that it was called for. */
static bool resolved(struct calls *c, struct calls_cpu *cpu, const struct code *n)
{
	struct stack *s = cpu->stack;
	struct frame f;

	if (!s->n || !s->frame[s->n - 1].resolver)
		return false;
	f = s->frame[s->n - 1];
	stack_pop(&c->tree, s, s->n - 1);
	if (f.kind == FRAME_CALL)
		stack_call(&c->tree, s, f.site, n->func, f.ret);
	else
		stack_tail(&c->tree, s, f.site, n->func);
	return true;
}

/* P jumps into the middle of another function, at N: a return, or a tail call where code has no names. */
static void jump_out(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	if (waits_for(c, cpu->stack, n) || codes_func(c->codes, cpu->stack->func)->trait == TRAIT_SWITCH)
		come_back(c, cpu, p, n);
	else if (n->start.in != p->start.in && codes_func(c->codes, n->func)->name == NO_TEXT)
		stack_tail(&c->tree, cpu->stack, cpu->stack->last, n->func);
}

/* Whether P and N are on the way into an exception, or out of it. */
static bool is_gate(const struct calls *c, const struct code *p, const struct code *n)
{
	enum trait from = codes_func(c->codes, p->func)->trait, to = codes_func(c->codes, n->func)->trait;

	return from == TRAIT_VECTOR || from == TRAIT_GATE || (to == TRAIT_GATE && p->start.in == n->start.in);
}

/* After the last block of CPU comes BLOCK. */
static void go(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block), *p = codes_get(c->codes, cpu->stack->last);
	enum move move = moves_from(c->codes, p, n);
	bool anywhere = !p->direct && move != MOVE_PLAIN && move != MOVE_RESUME && move != MOVE_TRAP && move != MOVE_ODD;

	if (anywhere && codes_func(c->codes, n->func)->handler && !waits_for(c, cpu->stack, n)) {
		if (!is_gate(c, p, n))
			interrupt(c, cpu, interruption(c), n);
		return;
	}
	switch (move) {
	case MOVE_PLAIN:
		break;
	case MOVE_CALL:
		call(c, cpu, p, n);
		break;
	case MOVE_TAIL:
		if (!resolved(c, cpu, n))
			jump(c, cpu, p, n);
		break;
	case MOVE_STUB:
		stub(c, cpu, p, n);
		break;
	case MOVE_RETURN:
		come_back(c, cpu, p, n);
		break;
	case MOVE_OUT:
		if (cpu->switching)
			switch_stack(c, cpu, n);
		else if (!resolved(c, cpu, n) && !unwind(c, cpu, n))
			jump_out(c, cpu, p, n);
		break;
	case MOVE_TRAP:
		trap(c, cpu, block);
		break;
	case MOVE_RESUME:
		end_exception(c, cpu, block);
		break;
	case MOVE_ODD:
		odd(c, cpu, p, block);
		break;
	}
}

/* Remembers in P how BLOCK came after it; the call that it was is on top of S. */
static void remember(const struct calls *c, struct code *p, uint32_t block, enum move move, const struct stack *s)
{
	bool other = p->next[0].block != block && p->next[0].block != NO_CODE;
	const struct frame *f = s->n ? &s->frame[s->n - 1] : NULL;
	uint32_t arc = ARC_NONE;

	if (move == MOVE_CALL && f && f->kind == FRAME_CALL && codes_get(c->codes, f->site) == p &&
	    codes_func(c->codes, s->func)->trait == TRAIT_NONE)
		arc = f->arc;
	p->next[other] = (struct next){ block, arc, (uint8_t)move };
}

/* The steps from P that are as they were before, calls and returns. */
static inline bool again(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n, uint32_t block)
{
	const struct next *next = &p->next[p->next[0].block != block];
	struct stack *s = cpu->stack;

	if (p->end == END_RETURN) {
		const struct frame *f = s->n && s->n == s->base ? &s->frame[s->n - 1] : NULL;

		if (!f || !f->quick || cpu->switching || f->ret.addr != n->start.addr || f->ret.in != n->start.in)
			return false;
		stack_return(&c->tree, s);
		return true;
	}
	if (next->block != block || next->move != MOVE_CALL || next->arc == ARC_NONE ||
	    c->tree.arc[next->arc].from != s->func)
		return false;
	stack_call_again(&c->tree, s, next->arc, p->fall);
	return true;
}

/* The delay slot of P, which runs again as a block of its own, N: the branch's way is taken after it. */
static void end_as(const struct code *p, struct code *n)
{
	n->end = p->end;
	n->conditional = p->conditional;
	n->direct = p->direct;
	n->has_at = p->has_at;
	n->at = p->at;
	n->to = p->to;
}

void calls_move(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	struct stack *s = cpu->stack;
	uint8_t cut = cpu->cut;
	enum move move;
	struct code *n;

	if (!cpu->special && s->last < cpu->n_code && block < cpu->n_code &&
	    again(c, cpu, &cpu->code[s->last], &cpu->code[block], block))
		return;
	n = codes_get(c->codes, block);
	cpu->cut = 0;
	cpu->special = false;
	cpu->code = codes_all(c->codes, &cpu->n_code);
	if (s->last == NO_CODE) {
		begin(c, s, n);
	} else if (cut && c->machine) {
		interrupt(c, cpu, cut - 1, n);
	} else {
		struct code *p = codes_get(c->codes, s->last);

		if (n->end == END_NONE && p->end != END_NONE && moves_within(c->codes, p, n) &&
		    codes_same(c->codes, p->fall, n->fall))
			end_as(p, n);
		move = moves_from(c->codes, p, n);
		go(c, cpu, block);
		remember(c, p, block, move, cpu->stack);
	}
	if (cpu->stack->n > MAX_FRAMES)
		begin_again(c, cpu, n);
}

void calls_repeat(struct calls *c, struct calls_cpu *cpu, uint32_t block, uint64_t count, uint64_t ns)
{
	uint64_t each = ns / count;

	calls_step(c, cpu, block, ns - each * (count - 1));
	while (--count) {
		calls_step(c, cpu, block, each);
		if (calls_is_plain(cpu, block)) {
			cpu->stack->cost = cost_add(cpu->stack->cost, (struct cost){ count - 1, each * (count - 1) });
			break;
		}
	}
}

void calls_end(struct calls *c)
{
	for (size_t i = 0; i < c->n_cpu; i++)
		end_stack(c, c->cpu[i].stack);
	for (size_t i = 0; i < c->n_idle; i++)
		end_stack(c, c->idle[i]);
	c->n_cpu = c->n_idle = 0;
}

bool calls_any(const struct calls *c)
{
	return codes_any(c->codes);
}

const uint64_t *calls_repairs(const struct calls *c)
{
	return c->repairs;
}

struct codes *calls_codes(struct calls *c)
{
	return c->codes;
}

const struct calltree *calls_tree(const struct calls *c)
{
	return &c->tree;
}
