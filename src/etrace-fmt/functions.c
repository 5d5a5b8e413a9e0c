/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells functions from inlined copies: a copy is inside of a function, and nothing calls it.
 * in:  work at 1240, 98 bytes; twice at 1260, 26 bytes; calls of work at 1240 and of work.cold at 1060
 * out: 1260 is in work; 1065 in work.cold
 */
#include "functions.h"

#include <stdlib.h>

#include "die.h"
#include "search.h"

struct functions *functions_new(void)
{
	struct functions *x = must_calloc(1, sizeof *x);

	x->keys = intern_new();
	return x;
}

void functions_free(struct functions *x)
{
	if (!x)
		return;
	intern_free(x->keys);
	free(x->by_key);
	free(x->f);
	free(x);
}

void functions_add(struct functions *x, struct function f)
{
	GROW(x->f, x->n, x->cap);
	x->f[x->n++] = f;
}

/* The largest first of those that begin at one place. */
static int by_place(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	if (f->object != g->object)
		return f->object < g->object ? -1 : 1;
	if (f->addr != g->addr)
		return f->addr < g->addr ? -1 : 1;
	if (f->size != g->size)
		return f->size > g->size ? -1 : 1;
	return (f->name > g->name) - (f->name < g->name);
}

static bool same_place(const struct function *f, const struct function *g)
{
	return f->object == g->object && f->addr == g->addr;
}

/* What the N at F, which begin at one place, are together. */
static struct function one_of(const struct function *f, size_t n)
{
	const struct function *known = NULL;	/* of those that have a file */
	struct function one = f[0];

	for (size_t i = 0; i < n; i++)
		if (f[i].called) {
			one.called = true;
			one.name = f[i].name;
		}
	for (size_t i = 0; i < n; i++)
		if (f[i].file != NO_FILE && (!known || (known->name != one.name && f[i].name == one.name)))
			known = &f[i];
	if (known) {
		one.file = known->file;
		one.line = known->line;
	}
	return one;
}

static bool holds(const struct function *f, uint32_t object, uint64_t addr)
{
	return f->object == object && addr - f->addr < f->size;
}

/* The innermost one around ADDR, among I and what is around it. */
static uint32_t around(const struct functions *x, uint32_t i, uint32_t object, uint64_t addr)
{
	while (i != NO_FUNCTION && !holds(&x->f[i], object, addr))
		i = x->f[i].outer;
	return i;
}

/* Notes the index of a function by its name, unless there is one of that name. */
static void name_it(struct functions *x, uint32_t i)
{
	uint32_t key[2] = { x->f[i].object, x->f[i].name }, number;
	bool fresh;

	number = intern_put(x->keys, (char *)key, sizeof key, &fresh);
	if (fresh) {
		GROW(x->by_key, number, x->cap_by_key);
		x->by_key[number] = i;
	}
}

/* The index after those, from I on, that begin where the one at I does. */
static size_t next_place(const struct functions *x, size_t i)
{
	const struct function *f = &x->f[i];

	while (i < x->n && same_place(&x->f[i], f))
		i++;
	return i;
}

/* Most bytes of a function before what DWARF takes for its beginning: nops that are there to be patched. */
enum { PATCHABLE_MAX = 64 };

/*
 * Where calls go to the symbol of a function, and its DWARF begins a little after that, at the function I: makes ONE,
 * the first, of both.  Returns the index after it.
 */
static size_t join(const struct functions *x, struct function *one, size_t i)
{
	size_t next = i < x->n ? next_place(x, i) : i;
	const struct function *same = NULL;

	if (one->size || i == x->n || x->f[i].object != one->object || x->f[i].addr - one->addr > PATCHABLE_MAX)
		return i;
	for (size_t k = i; k < next; k++) {
		if (x->f[k].called)
			return i;	/* it is another */
		if (x->f[k].name == one->name && x->f[k].size && !same)
			same = &x->f[k];
	}
	if (!same)
		return i;
	one->size = same->addr - one->addr + same->size;
	one->file = same->file;
	one->line = same->line;
	return next;
}

void functions_settle(struct functions *x)
{
	size_t kept = 0, next;

	if (x->n)
		qsort(x->f, x->n, sizeof *x->f, by_place);
	for (size_t i = 0; i < x->n; i = next) {
		struct function one;

		next = next_place(x, i);
		one = one_of(&x->f[i], next - i);
		next = join(x, &one, next);
		one.outer = kept ? around(x, (uint32_t)kept - 1, one.object, one.addr) : NO_FUNCTION;
		if (one.outer == NO_FUNCTION || one.called || one.file == NO_FILE)
			x->f[kept++] = one;
	}
	x->n = x->n_placed = kept;
	for (uint32_t i = 0; i < kept; i++)
		name_it(x, i);
}

uint32_t functions_at(const struct functions *x, uint32_t object, uint64_t addr)
{
	const struct function *f = x->f;
	uint32_t around_it;
	size_t i;

	SEARCH(i, x->n_placed, f[i].object < object || (f[i].object == object && f[i].addr <= addr));
	if (!i-- || f[i].object != object)
		return NO_FUNCTION;
	around_it = around(x, (uint32_t)i, object, addr);
	/* One that ends nobody knows where reaches up to the next, or to where what is around it ends. */
	return !f[i].size && f[i].outer == around_it ? (uint32_t)i : around_it;
}

uint32_t functions_named(struct functions *x, uint32_t object, uint32_t name, uint32_t file, uint32_t line)
{
	uint32_t key[2] = { object, name }, number;

	if (intern_find(x->keys, (char *)key, sizeof key, &number))
		return x->by_key[number];
	functions_add(x, (struct function){ .object = object, .name = name, .file = file, .line = line,
					    .outer = NO_FUNCTION });
	name_it(x, (uint32_t)x->n - 1);
	return (uint32_t)x->n - 1;
}
