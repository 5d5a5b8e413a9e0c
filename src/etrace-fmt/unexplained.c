/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects ranges of unexplained code.
 * in:  U<TAB>28000<TAB>29c14<TAB>/lib/libc.so.6<TAB>54<TAB>300, U<TAB>400000<TAB>400040<TAB>[user space]<TAB>3<TAB>9
 * out: "(unexplained) 28000-29c14" of /lib/libc.so.6, "[user space] 400000-400040" of no file that is known
 */
#include "unexplained.h"

#include <stdio.h>
#include <stdlib.h>

#include "count.h"
#include "die.h"

/* The number of its name: of a file or of unknown code that is "(unexplained)", with its addresses if it has any. */
static uint32_t name_of(struct coverage *c, const struct record_u *u)
{
	bool guess = !record_u_is_file(u->what) && !field_is(u->what, "-");
	struct field f = guess ? u->what : field_of("(unexplained)");
	char *name = must_malloc(f.n + sizeof " -" + 2 * 16), *end = mempcpy(name, f.s, f.n);
	uint32_t id;
	bool fresh;

	if (u->placed)
		end += sprintf(end, " %llx-%llx", (unsigned long long)u->lo, (unsigned long long)u->hi);
	id = intern_put(c->names, name, (size_t)(end - name), &fresh);
	free(name);
	return id;
}

bool unexplained_add(struct coverage *c, const char *rec, size_t len)
{
	struct coverage_range x;
	struct record_u u;
	uint32_t i;
	bool fresh;

	if (!record_read_u(rec, len, &u))
		return false;
	x = (struct coverage_range){ objects_number(c->objects, record_u_is_file(u.what) ? u.what : field_of("-")),
				     name_of(c, &u), 0, 0 };
	i = intern_put(c->range_keys, (char *)(uint32_t[]){ x.object, x.name }, 2 * sizeof(uint32_t), &fresh);
	if (fresh) {
		GROW(c->range, c->n_range, c->cap_range);
		c->range[c->n_range++] = x;
	}
	count_add(&c->range[i].count, u.count);
	count_add(&c->range[i].ns, u.ns);
	if (c->profile)
		times_note(&c->profile->times, u.ns);
	return true;
}
