/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects calls.
 * in:  C<TAB>fw.elf<TAB>40201b00<TAB>main<TAB>work.c<TAB>31<TAB>40201b18<TAB>fw.elf<TAB>402019f4<TAB>collatz<TAB>30...
 * out: { from main, to collatz, work.c:31, 30 times, 3390 blocks, 10170 ns }
 */
#include "calls.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"

struct calls *calls_new(struct intern *names, struct objects *objects)
{
	struct calls *x = must_calloc(1, sizeof *x);

	x->names = names;
	x->objects = objects;
	x->func_keys = intern_new();
	return x;
}

void calls_free(struct calls *x)
{
	if (!x)
		return;
	intern_free(x->func_keys);
	free(x->func);
	free(x->arc);
	free(x->own);
	free(x);
}

static uint32_t func_number(struct calls *x, struct field in, uint64_t entry, struct field name)
{
	uint32_t object = objects_number(x->objects, in), i;
	uint64_t key[2] = { object, entry };
	bool fresh, new_name;

	i = intern_put(x->func_keys, (char *)key, sizeof key, &fresh);
	if (fresh) {
		GROW(x->func, x->n_func, x->cap_func);
		x->func[x->n_func++] = (struct calls_func){ object, intern_put(x->names, name.s, name.n, &new_name), entry };
	}
	return i;
}

void calls_add(struct calls *x, const struct record_c *r, uint32_t file, uint32_t line)
{
	uint32_t from = func_number(x, r->in, r->entry, r->func), to = func_number(x, r->to_in, r->to_entry, r->to_func);

	GROW(x->arc, x->n_arc, x->cap_arc);
	x->arc[x->n_arc++] = (struct calls_arc){ from, to, file, line, r->count, r->blocks, r->ns };
}

void calls_add_own(struct calls *x, const struct record_s *r)
{
	const char *semicolon = memrchr(r->stack.s, ';', r->stack.n), *name = semicolon ? semicolon + 1 : r->stack.s;
	struct field f = { name, (size_t)(r->stack.s + r->stack.n - name) };
	bool fresh;
	uint32_t i;

	if (field_is(f, STACK_UNKNOWN))
		f = field_of("-");
	i = intern_put(x->names, f.s, f.n, &fresh);
	if (i >= x->n_own) {
		size_t n = 2 * (size_t)i + 64;

		x->own = must_realloc(x->own, n, sizeof *x->own);
		memset(x->own + x->n_own, 0, (n - x->n_own) * sizeof *x->own);
		x->n_own = n;
	}
	count_add(&x->own[i], r->blocks);
}
