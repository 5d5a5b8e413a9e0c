/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads lists of source lines to leave out.
 * in:  drivers/foo.c:10-20
 * out: { "drivers/foo.c", 10, 20 }
 */
#include "excludes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "num.h"
#include "path.h"

static bool parse_line(const char *s, size_t n, uint32_t *line)
{
	uint64_t v;

	if (!num_parse_dec(s, n, &v) || !v || v > UINT32_MAX)
		return false;
	*line = (uint32_t)v;
	return true;
}

/* "10" or "10-20". */
static bool parse_range(const char *s, struct exclude *e)
{
	const char *dash = strchr(s, '-');

	if (!parse_line(s, dash ? (size_t)(dash - s) : strlen(s), &e->from))
		return false;
	e->to = e->from;
	return !dash || (parse_line(dash + 1, strlen(dash + 1), &e->to) && e->from <= e->to);
}

static bool parse_entry(const char *s, struct exclude *e)
{
	const char *colon = strrchr(s, ':');

	*e = (struct exclude){ .from = 0, .to = UINT32_MAX };
	if (colon == s || (colon && !parse_range(colon + 1, e)))
		return false;
	e->file = strndup(s, colon ? (size_t)(colon - s) : strlen(s));
	if (!e->file)
		die(ST_SYSTEM, "no memory left");
	e->whole = !strncmp(e->file, "./", 2);
	path_clean(e->file, false);
	return true;
}

static char *trim(char *s, size_t n)
{
	while (n && strchr(" \t\r\n", s[n - 1]))
		s[--n] = 0;
	return s + strspn(s, " \t");
}

void excludes_read(struct excludes *x, const char *name)
{
	FILE *f = fopen(name, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f)
		die(ST_INPUT, "%s: %s", name, strerror(errno));
	for (unsigned i = 1; (n = getline(&line, &cap, f)) >= 0; i++) {
		char *s = trim(line, (size_t)n);

		if (!*s || *s == '#')
			continue;
		GROW(x->entry, x->n, x->cap);
		if (!parse_entry(s, &x->entry[x->n++]))
			die(ST_USAGE, "%s:%u: an exclude is file, file:line or file:from-to, not '%s'", name, i, s);
	}
	if (ferror(f))
		die(ST_INPUT, "%s: %s", name, strerror(errno));
	fclose(f);
	free(line);
}

void excludes_free(struct excludes *x)
{
	for (size_t i = 0; i < x->n; i++)
		free(x->entry[i].file);
	free(x->entry);
}

bool exclude_is_for(const struct exclude *e, const char *path)
{
	size_t n = strlen(path), k = strlen(e->file);

	return k <= n && !strcmp(path + n - k, e->file) && (k == n || (!e->whole && path[n - k - 1] == '/'));
}
