/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goes from block to block.
 * in:  a block of main that ends with a call of collatz; the first block of collatz
 * out: collatz is called
 */
#include "shadow.h"

enum { MAX_FRAMES = 1 << 20 };

/* The call at the end of P comes to N. */
void calls_call(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;

	if (n->clear || (!n->entry && n->func == s->func))
		stack_stub(s, s->last, &p->fall);
	else
		stack_call(&c->tree, s, s->last, n->func, p->fall);
}

/* Control comes to N from a stub, or without a call. */
void calls_jump(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	struct stack *s = cpu->stack;
	bool stub = s->n && s->frame[s->n - 1].kind >= FRAME_STUB;

	if (n->clear) {
		if (!stub)
			stack_stub(s, s->last, NULL);
		else
			s->frame[s->n - 1].times++;
	} else if (stub && p->clear) {
		/*
		 * A stub that leads to its function is one block.  The first one of a PLT, for all of them, leads to
		 * the resolver.
		 */
		bool resolver = s->frame[s->n - 1].times > 1;

		stack_through(&c->tree, s, n->func);
		s->frame[s->n - 1].resolver = resolver;
	} else if (n->entry) {
		stack_tail(&c->tree, s, s->last, n->func);
	}
}

static void stub(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n)
{
	if (p->end == END_CALL && !spots_same(c->spots, p->fall, n->start))
		calls_call(c, cpu, p, n);
	else
		calls_jump(c, cpu, p, n);
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
	if (waiting_for(c, cpu->stack, n) || funcs_get(c->funcs, cpu->stack->func)->trait == TRAIT_SWITCH)
		return_to(c, cpu, p, n);
	else if (n->start.in != p->start.in && funcs_get(c->funcs, n->func)->name == NO_TEXT)
		stack_tail(&c->tree, cpu->stack, cpu->stack->last, n->func);
}

/* Whether P and N are on the way into an exception, or out of it. */
static bool is_gate(const struct calls *c, const struct code *p, const struct code *n)
{
	enum trait from = funcs_get(c->funcs, p->func)->trait, to = funcs_get(c->funcs, n->func)->trait;

	return from == TRAIT_VECTOR || from == TRAIT_GATE || (to == TRAIT_GATE && p->start.in == n->start.in);
}

/* After the last block of CPU comes BLOCK. */
void calls_go(struct calls *c, struct calls_cpu *cpu, uint32_t block)
{
	const struct code *n = codes_get(c->codes, block), *p = codes_get(c->codes, cpu->stack->last);
	enum move move = moves_from(c->spots, p, n);
	bool anywhere = !p->direct && move != MOVE_PLAIN && move != MOVE_RESUME && move != MOVE_TRAP &&
			move != MOVE_ODD;

	if (anywhere && funcs_get(c->funcs, n->func)->handler && !waiting_for(c, cpu->stack, n)) {
		if (!is_gate(c, p, n))
			exception_begin(c, cpu, exception_kind(c), n);
		return;
	}
	switch (move) {
	case MOVE_PLAIN:
		break;
	case MOVE_CALL:
		calls_call(c, cpu, p, n);
		break;
	case MOVE_TAIL:
		if (!resolved(c, cpu, n))
			calls_jump(c, cpu, p, n);
		break;
	case MOVE_STUB:
		stub(c, cpu, p, n);
		break;
	case MOVE_RETURN:
		return_to(c, cpu, p, n);
		break;
	case MOVE_OUT:
		if (cpu->switching)
			waiting_switch(c, cpu, n);
		else if (!resolved(c, cpu, n) && !return_unwind(c, cpu, n))
			jump_out(c, cpu, p, n);
		break;
	case MOVE_TRAP:
		exception_trap(c, cpu, block);
		break;
	case MOVE_RESUME:
		exception_end(c, cpu, block);
		break;
	case MOVE_ODD:
		exception_odd(c, cpu, p, block);
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
	    funcs_get(c->funcs, s->func)->trait == TRAIT_NONE)
		arc = f->arc;
	p->next[other] = (struct next){ block, arc, (uint8_t)move };
}

/* The steps from P that are as they were before, calls and returns. */
static inline bool
again(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n, uint32_t block)
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
		root_begin(c, s, n);
	} else if (cut && c->machine) {
		exception_begin(c, cpu, cut - 1, n);
	} else {
		struct code *p = codes_get(c->codes, s->last);

		if (n->end == END_NONE && p->end != END_NONE && moves_within(c->spots, p, n) &&
		    spots_same(c->spots, p->fall, n->fall))
			end_as(p, n);
		move = moves_from(c->spots, p, n);
		calls_go(c, cpu, block);
		remember(c, p, block, move, cpu->stack);
	}
	if (cpu->stack->n > MAX_FRAMES)
		root_again(c, cpu, n);
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
