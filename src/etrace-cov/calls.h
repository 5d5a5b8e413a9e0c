/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who called whom, and the stacks of a trace, told from nothing but the order of its blocks and how each ends
 * (etrace(7), CALLS).
 */
#ifndef ETRACE_COV_CALLS_H
#define ETRACE_COV_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "code.h"
#include "fact.h"
#include "moves.h"
#include "stack.h"

/* Why a stack was not what the blocks say: by how they were repaired. */
enum repair {
	REPAIR_LOST,		/* a return to where no call waits */
	REPAIR_GUESSED,		/* one of several stacks */
	REPAIR_MOVED,		/* a stack that runs on another CPU */
	REPAIR_RESUMED,		/* a return from an exception to where none came */
	REPAIRS
};

struct calls;

/* BLOCKS has the blocks whose numbers are given below; it stays the caller's. */
struct calls *calls_new(struct blocks *blocks);
void calls_free(struct calls *c);

/* Takes the K record of the block with number ID, before that is executed. */
void calls_k(struct calls *c, uint32_t id, const struct record_k *k);

/* Takes an A, an X or a Y record.  False if it is malformed. */
bool calls_a(struct calls *c, const char *line, size_t len);
bool calls_x(struct calls *c, const char *line, size_t len);
bool calls_y(struct calls *c, const char *line, size_t len);

/* Takes a fact about the trace. */
void calls_fact(struct calls *c, struct fact f);

/* What is known of one CPU.  The caller may keep the pointer up to the next call of calls_cpu(). */
struct calls_cpu {
	struct stack *stack;
	struct code *code;		/* all that are known */
	uint32_t n_code;
	bool special;			/* what comes next is to be looked at, whatever it is */
	uint8_t cut;			/* 1 + a pseudo function: an exception came, says X */
	bool switching;			/* Y came, ... */
	uint64_t key;			/* ... with this */
	uint64_t task;			/* that of the Y before, whose stack runs; 0: none */
	uint32_t switch_depth;		/* the frame from which it returns on another stack, + 1 */
};

struct calls_cpu *calls_cpu(struct calls *c, uint64_t cpu);

/* What calls_step() does where it is not plain. */
void calls_move(struct calls *c, struct calls_cpu *cpu, uint32_t block);

/* Whether nothing is called and nothing returns if BLOCK runs next on CPU, as it did before. */
static inline bool calls_is_plain(const struct calls_cpu *cpu, uint32_t block)
{
	const struct next *n;

	if (cpu->stack->last >= cpu->n_code || cpu->special)
		return false;
	n = cpu->code[cpu->stack->last].next;
	return (n[0].block == block && n[0].move == MOVE_PLAIN) || (n[1].block == block && n[1].move == MOVE_PLAIN);
}

/* On CPU the block number BLOCK ran next, for so many NS. */
static inline void calls_step(struct calls *c, struct calls_cpu *cpu, uint32_t block, uint64_t ns)
{
	struct stack *s;

	if (!calls_is_plain(cpu, block))
		calls_move(c, cpu, block);
	s = cpu->stack;
	s->last = block;
	s->cost.blocks++;
	s->cost.ns += ns;
}

/* The same, COUNT times in a row, for NS together. */
void calls_repeat(struct calls *c, struct calls_cpu *cpu, uint32_t block, uint64_t count, uint64_t ns);

/* The trace is at its end: all functions return. */
void calls_end(struct calls *c);

/* Whether there was a K record, and how many stacks were repaired for each reason. */
bool calls_any(const struct calls *c);
const uint64_t *calls_repairs(const struct calls *c);

/* What was found, behind calls_end(). */
struct codes *calls_codes(struct calls *c);
const struct calltree *calls_tree(const struct calls *c);

#endif
