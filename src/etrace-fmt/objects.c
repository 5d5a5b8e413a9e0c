/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects the ELF files that records name.
 * in:  O<TAB>libc.so.6<TAB>/usr/lib/libc.so.6<TAB>ef09310c
 * out: { "libc.so.6", "/usr/lib/libc.so.6" }
 */
#include "objects.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"

struct object {
	char *path;		/* or NULL */
	bool several;		/* paths, of which this is the first */
};

struct objects {
	struct intern *names;
	struct object *of;	/* by number */
	size_t cap;
	uint32_t last;		/* number that was asked for last */
};

struct objects *objects_new(void)
{
	struct objects *x = must_calloc(1, sizeof *x);

	x->names = intern_new();
	return x;
}

void objects_free(struct objects *x)
{
	for (uint32_t i = 0; i < intern_count(x->names); i++)
		free(x->of[i].path);
	free(x->of);
	intern_free(x->names);
	free(x);
}

uint32_t objects_number(struct objects *x, struct field name)
{
	size_t len;
	const char *last = x->cap ? intern_text(x->names, x->last, &len) : NULL;
	bool fresh;

	if (last && len == name.n && !memcmp(last, name.s, len))
		return x->last;
	x->last = intern_put(x->names, name.s, name.n, &fresh);
	if (fresh) {
		GROW(x->of, x->last, x->cap);
		x->of[x->last] = (struct object){ NULL, false };
	}
	return x->last;
}

void objects_add(struct objects *x, const struct record_o *r)
{
	struct object *of;
	uint32_t number = objects_number(x, r->name);

	of = &x->of[number];
	if (of->path) {
		of->several |= !field_is(r->path, of->path);
		return;
	}
	of->path = must_malloc(r->path.n + 1);
	*(char *)mempcpy(of->path, r->path.s, r->path.n) = 0;
}

const char *objects_name(const struct objects *x, uint32_t number)
{
	return intern_text(x->names, number, NULL);
}

const char *objects_path(const struct objects *x, uint32_t number)
{
	const struct object *of = &x->of[number];

	return of->path && !of->several ? of->path : objects_name(x, number);
}
