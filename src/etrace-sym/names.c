/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interns names of files and functions.
 * in:  ./lib/../work.c, _ZN3foo3barEi
 * out: work.c, foo::bar(int)
 */
#include "names.h"

#include <bfd.h>
#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "esc.h"
#include "intern.h"
#include "path.h"

/* What is known of strings by their addresses. */
struct by_address {
	struct intern *seen;
	uint32_t *id;
	size_t cap;
};

struct names {
	struct intern *texts;
	struct by_address files, funcs;
	bool demangle;
	char *tmp;
	size_t tmp_cap;
};

struct names *names_new(bool demangle)
{
	struct names *n = must_calloc(1, sizeof *n);
	bool fresh;

	n->texts = intern_new();
	n->files.seen = intern_new();
	n->funcs.seen = intern_new();
	n->demangle = demangle;
	intern_put(n->texts, "-", 1, &fresh);
	return n;
}

void names_free(struct names *n)
{
	intern_free(n->texts);
	intern_free(n->files.seen);
	intern_free(n->funcs.seen);
	free(n->files.id);
	free(n->funcs.id);
	free(n->tmp);
	free(n);
}

void names_forget(struct names *n)
{
	intern_free(n->files.seen);
	intern_free(n->funcs.seen);
	n->files.seen = intern_new();
	n->funcs.seen = intern_new();
}

static char *room(struct names *n, size_t size)
{
	if (size > n->tmp_cap) {
		n->tmp_cap = size * 2;
		n->tmp = must_realloc(n->tmp, n->tmp_cap, 1);
	}
	return n->tmp;
}

static uint32_t put_escaped(struct names *n, const char *s, size_t len)
{
	char *p = room(n, len * ESC_MAX + 1), *end = esc_put(p, s, len);
	bool fresh;

	return len ? intern_put(n->texts, p, (size_t)(end - p), &fresh) : NAME_NONE;
}

/* Where S was seen before, or NULL and where its number is to be put. */
static uint32_t *slot(struct by_address *b, const char *s, bool *fresh)
{
	uint32_t i = intern_put(b->seen, (const char *)&s, sizeof s, fresh);

	if (*fresh)
		GROW(b->id, i, b->cap);
	return &b->id[i];
}

uint32_t name_file(struct names *n, const char *s)
{
	bool fresh;
	uint32_t *id;
	char *copy;

	if (!s)
		return NAME_NONE;
	id = slot(&n->files, s, &fresh);
	if (fresh) {
		copy = must_strdup(s);
		*id = put_escaped(n, copy, path_clean(copy, true));
		free(copy);
	}
	return *id;
}

uint32_t name_func(struct names *n, const char *s)
{
	bool fresh;
	uint32_t *id;
	char *plain = NULL;

	if (!s)
		return NAME_NONE;
	id = slot(&n->funcs, s, &fresh);
	if (fresh) {
		if (n->demangle && s[0] == '_')
			plain = bfd_demangle(NULL, s, DMGL_PARAMS | DMGL_ANSI);
		*id = put_escaped(n, plain ? plain : s, strlen(plain ? plain : s));
		free(plain);
	}
	return *id;
}

const char *name_text(const struct names *n, uint32_t id, size_t *len)
{
	return intern_text(n->texts, id, len);
}
