/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects what a profile needs beside source lines.
 * in:  F - - memcpy fw.elf 40202000 64 3 90 / I ns instructions
 * out: memcpy was entered 3 times and took 90 instructions
 */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "search.h"

struct profile *profile_new(void)
{
	return must_calloc(1, sizeof(struct profile));
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	free(p->func);
	free(p->line);
	free(p);
}

void profile_add_func(struct profile *p, struct profile_func x)
{
	GROW(p->func, p->n_func, p->cap_func);
	p->func[p->n_func++] = x;
	times_note(&p->times, x.ns);
}

void profile_add_line(struct profile *p, struct profile_line x)
{
	times_note(&p->times, x.ns);
	if (!x.ns && !x.count)
		return;
	GROW(p->line, p->n_line, p->cap_line);
	p->line[p->n_line++] = x;
}

/* Of an object and a name in it: a number to sort by. */
static uint64_t key(uint32_t object, uint32_t name)
{
	return (uint64_t)object << 32 | name;
}

static int by_key(const void *a, const void *b)
{
	const struct profile_func *f = a, *g = b;
	uint64_t x = key(f->object, f->name), y = key(g->object, g->name);

	return (x > y) - (x < y);
}

static void take_off(struct profile_func *f, const struct profile_line *l)
{
	if (l->addr - f->addr >= f->size)
		return;
	f->ns -= l->ns < f->ns ? l->ns : f->ns;
	f->count = 0;
}

/* An object may have several functions of one name: static ones, and pieces of one. */
static void settle_line(struct profile *p, const struct profile_line *l)
{
	uint64_t k = key(l->object, l->name);
	size_t f;

	SEARCH(f, p->n_func, key(p->func[f].object, p->func[f].name) < k);
	for (; f < p->n_func && key(p->func[f].object, p->func[f].name) == k; f++)
		take_off(&p->func[f], l);
}

void profile_settle(struct profile *p)
{
	times_cut(&p->times);
	if (p->n_func)
		qsort(p->func, p->n_func, sizeof *p->func, by_key);
	for (size_t i = 0; i < p->n_line; i++)
		settle_line(p, &p->line[i]);
}
