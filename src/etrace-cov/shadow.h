/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of what follows stacks, for each other.  CPU is one of C; its stack is the one that runs.  P is the block
 * that ran last, N the one that runs next, or BLOCK its number.
 */
#ifndef ETRACE_COV_SHADOW_H
#define ETRACE_COV_SHADOW_H

#include "calls.h"

struct calls {
	struct codes *codes;
	struct spots *spots;	/* the codes' */
	struct funcs *funcs;
	struct calltree tree;
	struct calls_cpu *cpu;
	size_t n_cpu;
	struct stack **idle;	/* that wait for their CPU to come back, the last one last */
	size_t n_idle, cap_idle;
	uint64_t repairs[REPAIRS];
	bool machine;		/* not one program: exceptions and interrupts come, and no signals */
};

/* ---- callsteps.c ---- */

/* After the last block of CPU comes BLOCK. */
void calls_go(struct calls *c, struct calls_cpu *cpu, uint32_t block);

/* Control comes to N from a stub, or without a call. */
void calls_jump(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n);

/* The call at the end of P comes to N. */
void calls_call(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n);

/* ---- returns.c ---- */

/* P returns to N. */
void return_to(struct calls *c, struct calls_cpu *cpu, const struct code *p, const struct code *n);

/* The frame from which S returns to N, + 1; or 0. */
uint32_t return_find(const struct calls *c, const struct stack *s, const struct code *n);

/* Control left functions for N without a return: an exception, or longjmp().  False if it did not. */
bool return_unwind(struct calls *c, struct calls_cpu *cpu, const struct code *n);

/* No call waits for N, to which the CPU returned. */
void return_lose(struct calls *c, struct calls_cpu *cpu, const struct code *n);

/* ---- exceptions.c ---- */

/* Something that calls nothing came, FUNC, and interrupts what CPU runs: N. */
void exception_begin(struct calls *c, struct calls_cpu *cpu, uint32_t func, const struct code *n);

/* The stack of CPU ends, and it goes on with what that interrupted. */
void exception_uncover(struct calls *c, struct calls_cpu *cpu);

/* What comes unasked: FUNC_EXCEPTION, or FUNC_SIGNAL where one program runs. */
uint32_t exception_kind(const struct calls *c);

/* Control came back from an exception to BLOCK. */
void exception_end(struct calls *c, struct calls_cpu *cpu, uint32_t block);

/* After a system call, or the like, comes BLOCK, which does not follow it. */
void exception_trap(struct calls *c, struct calls_cpu *cpu, uint32_t block);

/* BLOCK cannot come after P. */
void exception_odd(struct calls *c, struct calls_cpu *cpu, const struct code *p, uint32_t block);

/* ---- waiting.c ---- */

/* All of S has returned, and of what it interrupted; it is freed. */
void root_end(struct calls *c, struct stack *s);

/* The node that stacks begin below which FUNC began, one of the pseudo functions. */
uint32_t root_node(struct calls *c, uint32_t func);

/* S begins with the function of N. */
void root_begin(struct calls *c, struct stack *s, const struct code *n);

/* A new one that begins so. */
struct stack *root_new(struct calls *c, const struct code *n);

/* What was on the stack of CPU is not any more, and N begins it. */
void root_again(struct calls *c, struct calls_cpu *cpu, const struct code *n);

/* S waits until its CPU, or another, comes back to it. */
void waiting_put(struct calls *c, struct stack *s);

/* Whether the call on top of S waits for N. */
bool waiting_for(const struct calls *c, const struct stack *s, const struct code *n);

/* Goes on with a waiting stack whose call on top waits for N; OLD waits then.  False if there is none. */
bool waiting_find(struct calls *c, struct calls_cpu *cpu, const struct code *n, struct stack *old);

/* The stack of CPU was the wrong one: the same, of calls near the top. */
bool waiting_mend(struct calls *c, struct calls_cpu *cpu, const struct code *n);

/* CPU returns to N on the stack that a Y record said. */
void waiting_switch(struct calls *c, struct calls_cpu *cpu, const struct code *n);

#endif
