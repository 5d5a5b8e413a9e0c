/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives each source file one path: takes prefixes off, puts one before, and keeps what is excluded.
 * in:  /build/linux/./kernel/fork.c, with -s /build -p src
 * out: src/linux/kernel/fork.c
 */
#include "paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "esc.h"
#include "intern.h"
#include "path.h"

struct paths {
	const struct path_rules *rules;
	char **strip;			/* those of the rules, clean */
	struct intern *names;		/* as in the stream; a name's number is that of its file */
	struct path *file;
	size_t n_file, cap_file;
	struct intern *texts;		/* paths */
	const struct exclude **exclude;	/* those of one file are together */
	size_t n_exclude, cap_exclude;
};

struct paths *paths_new(const struct path_rules *rules)
{
	struct paths *p = must_calloc(1, sizeof *p);

	p->rules = rules;
	p->strip = must_calloc(rules->n_strip, sizeof *p->strip);
	for (size_t i = 0; i < rules->n_strip; i++) {
		p->strip[i] = must_strdup(rules->strip[i]);
		path_clean(p->strip[i], false);
	}
	p->names = intern_new();
	p->texts = intern_new();
	return p;
}

void paths_free(struct paths *p)
{
	for (size_t i = 0; i < p->rules->n_strip; i++)
		free(p->strip[i]);
	free(p->strip);
	intern_free(p->names);
	intern_free(p->texts);
	free(p->file);
	free(p->exclude);
	free(p);
}

bool paths_plain(const struct paths *p)
{
	return !p->rules->n_strip && !p->rules->prefix && !p->rules->excludes.n;
}

/* What is left of PATH without DIR, or NULL if it is not below DIR.  Both are clean, "." is "". */
static const char *below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (!n || strncmp(path, dir, n))
		return NULL;
	path += n - (dir[n - 1] == '/');
	return path[0] == '/' && path[1] ? path + 1 : NULL;
}

static const char *strip(const struct paths *p, const char *path)
{
	for (size_t i = 0; i < p->rules->n_strip; i++) {
		const char *rest = below(path, p->strip[i]);

		if (rest)
			return rest;
	}
	return path;
}

/* Where the file NAME (unescaped and clean) is; to be freed. */
static char *locate(const struct paths *p, const char *name)
{
	const char *rest = strip(p, name), *prefix = p->rules->prefix;
	char *path;

	if (!prefix || *rest == '/')
		return must_strdup(*rest ? rest : ".");
	if (asprintf(&path, "%s/%s", prefix, rest) < 0)
		die(ST_SYSTEM, "no memory left");
	if (!path_clean(path, false))
		strcpy(path, ".");
	return path;
}

/* Looks for excludes by either of a file's names: the user may know the one or the other. */
static void find_excludes(struct paths *p, struct path *x, const char *before, const char *after)
{
	const struct excludes *all = &p->rules->excludes;

	x->excludes = (uint32_t)p->n_exclude;
	for (size_t i = 0; i < all->n; i++) {
		if (!exclude_is_for(&all->entry[i], before) && !exclude_is_for(&all->entry[i], after))
			continue;
		GROW(p->exclude, p->n_exclude, p->cap_exclude);
		p->exclude[p->n_exclude++] = &all->entry[i];
	}
	x->n_excludes = (uint32_t)p->n_exclude - x->excludes;
}

static void add_file(struct paths *p, const char *name, size_t n)
{
	char *before = esc_undo(name, n), *after;
	struct path x;
	bool fresh;

	path_clean(before, false);
	after = locate(p, before);
	x.id = intern_put(p->texts, after, strlen(after), &fresh);
	find_excludes(p, &x, before, after);
	free(before);
	free(after);
	GROW(p->file, p->n_file, p->cap_file);
	p->file[p->n_file++] = x;
}

const struct path *paths_look(struct paths *p, const char *name, size_t n)
{
	bool fresh;
	uint32_t id = intern_put(p->names, name, n, &fresh);

	if (fresh)
		add_file(p, name, n);
	return &p->file[id];
}

bool path_excluded(const struct paths *p, const struct path *x, uint32_t line)
{
	for (uint32_t i = 0; i < x->n_excludes; i++) {
		const struct exclude *e = p->exclude[x->excludes + i];

		if (e->from <= line && line <= e->to)
			return true;
	}
	return false;
}

const char *paths_text(const struct paths *p, uint32_t id)
{
	return intern_text(p->texts, id, NULL);
}

static int by_text(const void *a, const void *b, void *paths)
{
	return strcmp(paths_text(paths, *(const uint32_t *)a), paths_text(paths, *(const uint32_t *)b));
}

const char **paths_sorted(const struct paths *p, size_t *n, uint32_t **rank)
{
	uint32_t *order, count = intern_count(p->texts);
	const char **text = must_calloc(count, sizeof *text);

	*n = count;
	*rank = must_calloc(count, sizeof **rank);
	order = must_calloc(count, sizeof *order);
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof *order, by_text, (void *)p);
	for (uint32_t i = 0; i < count; i++) {
		text[i] = paths_text(p, order[i]);
		(*rank)[order[i]] = i;
	}
	free(order);
	return text;
}
