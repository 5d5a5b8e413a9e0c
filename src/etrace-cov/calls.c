/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows the stacks of a trace.
 * in:  blocks of main, one that ends with a call to collatz, blocks of collatz, one that returns, the next one of main
 * out: main called collatz
 */
#include "shadow.h"

#include <stdlib.h>

#include "die.h"
#include "record.h"

enum { MAX_CPU = 65535 };

struct calls *calls_new(struct blocks *blocks)
{
	struct calls *c = must_calloc(1, sizeof *c);

	c->codes = codes_new(blocks);
	c->spots = codes_spots(c->codes);
	c->funcs = codes_funcs(c->codes);
	calltree_init(&c->tree, c->funcs);
	c->machine = true;
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
	return spots_a(c->spots, line, len);
}

void calls_fact(struct calls *c, struct fact f)
{
	if (f.key != FACT_MODE)
		return;
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

bool calls_y(struct calls *c, const char *line, size_t len)
{
	struct calls_cpu *cpu;
	struct record_y y;

	if (!record_read_y(line, len, &y))
		return false;
	cpu = calls_cpu(c, y.cpu);
	cpu->switching = true;
	cpu->key = y.stack;
	cpu->switch_depth = stack_real_base(cpu->stack);
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

void calls_end(struct calls *c)
{
	for (size_t i = 0; i < c->n_cpu; i++)
		root_end(c, c->cpu[i].stack);
	for (size_t i = 0; i < c->n_idle; i++)
		root_end(c, c->idle[i]);
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
