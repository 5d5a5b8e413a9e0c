/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a file of places.
 * in:  nls_utf8 16384 1 - Live 0xffffffffc0a4e000
 * out: { PLACEFILE_MODULE, "nls_utf8", NULL, 0xffffffffc0a4e000, 0xffffffffc0a52000, 0 }
 */
#include "placefile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "num.h"
#include "path.h"

/* A word of a line. */
struct word {
	const char *s;
	size_t n;
};

static const char BLANKS[] = " \t";

/* The next word at *S, which moves past it; of no bytes at the end. */
static struct word next_word(const char **s)
{
	struct word w = { *s + strspn(*s, BLANKS), 0 };

	w.n = strcspn(w.s, BLANKS);
	*s = w.s + w.n;
	return w;
}

static struct word without_blanks_after(struct word w)
{
	while (w.n && strchr(BLANKS, w.s[w.n - 1]))
		w.n--;
	return w;
}

/* The last word of the N bytes at S, which N no longer has then. */
static struct word last_word(const char *s, size_t *n)
{
	size_t end = without_blanks_after((struct word){ s, *n }).n;

	*n = end;
	while (*n && !strchr(BLANKS, s[*n - 1]))
		--*n;
	return (struct word){ s + *n, end - *n };
}

/* What is left of S, without blanks around it. */
static struct word rest(const char *s)
{
	s += strspn(s, BLANKS);
	return without_blanks_after((struct word){ s, strlen(s) });
}

static char *copy(struct word w)
{
	char *s = must_malloc(w.n + 1);

	*(char *)mempcpy(s, w.s, w.n) = 0;
	return s;
}

static bool address(struct word w, uint64_t *v)
{
	if (w.n > 2 && !memcmp(w.s, "0x", 2))
		w = (struct word){ w.s + 2, w.n - 2 };
	return num_parse_hex(w.s, w.n, v);
}

static void add(struct placefile *p, struct placefile_line x)
{
	GROW(p->line, p->n, p->cap);
	p->line[p->n++] = x;
}

/* lo-hi perms offset dev inode path: a path may have blanks, and says if the file is deleted. */
static bool mapped(struct placefile *p, const char *s)
{
	static const char deleted[] = " (deleted)";
	struct word range = next_word(&s), perms = next_word(&s), offset = next_word(&s), path;
	const char *dash = memchr(range.s, '-', range.n);
	struct placefile_line x = { .kind = PLACEFILE_MAPPED };

	if (!dash || !address((struct word){ range.s, (size_t)(dash - range.s) }, &x.lo) ||
	    !address((struct word){ dash + 1, (size_t)(range.s + range.n - dash - 1) }, &x.hi) || x.lo > x.hi - 1 ||
	    perms.n != 4 || strspn(perms.s, "rwxsp-") != 4 || !address(offset, &x.offset))
		return false;
	next_word(&s);	/* dev, */
	next_word(&s);	/* inode */
	path = rest(s);
	if (perms.s[2] != 'x' || !path.n || *path.s == '[')
		return true;
	while (path.n > strlen(deleted) && !memcmp(path.s + path.n - strlen(deleted), deleted, strlen(deleted)))
		path = without_blanks_after((struct word){ path.s, path.n - strlen(deleted) });
	x.path = copy(path);
	add(p, x);
	return true;
}

/* name size refs deps state address, and perhaps how it taints the kernel. */
static bool module(struct placefile *p, const char *s)
{
	struct word w[6];
	struct placefile_line x = { .kind = PLACEFILE_MODULE };
	uint64_t size, refs;

	for (size_t i = 0; i < 6; i++)
		w[i] = next_word(&s);
	if (!num_parse_dec(w[1].s, w[1].n, &size) || !size ||
	    (!num_parse_dec(w[2].s, w[2].n, &refs) && *w[2].s != '-') || w[5].n < 3 || memcmp(w[5].s, "0x", 2) ||
	    !address(w[5], &x.lo) || size - 1 > UINT64_MAX - x.lo)
		return false;
	if (!x.lo) {
		p->hidden = true;
		return true;
	}
	x.hi = x.lo + size;
	x.path = copy(w[0]);
	add(p, x);
	return true;
}

/* path section address: a path may have blanks. */
static bool section(struct placefile *p, const char *s)
{
	size_t n = strlen(s);
	struct word at = last_word(s, &n), name = last_word(s, &n);
	struct placefile_line x = { .kind = PLACEFILE_SECTION };
	char *path;

	if (!name.n || !strchr("._", *name.s) || !address(at, &x.lo))
		return false;
	path = copy((struct word){ s, n });
	x.path = copy(rest(path));
	free(path);
	if (!*x.path) {
		free(x.path);
		return false;
	}
	x.hi = x.lo;
	x.section = copy(name);
	add(p, x);
	return true;
}

/* address path */
static bool loaded(struct placefile *p, const char *s)
{
	struct placefile_line x = { .kind = PLACEFILE_LOADED };
	struct word at = next_word(&s), path = rest(s);

	if (!path.n || !address(at, &x.lo))
		return false;
	x.hi = x.lo;
	x.path = copy(path);
	add(p, x);
	return true;
}

/* Whether of a line that could be both, "bad .text 10", it is a section of bad. */
static bool is_three_words(const char *s)
{
	next_word(&s);
	return next_word(&s).n && next_word(&s).n && !rest(s).n;
}

static bool parse_line(struct placefile *p, const char *s)
{
	size_t skip = strspn(s, BLANKS);

	if (!s[skip] || s[skip] == '#')
		return true;
	if (mapped(p, s) || module(p, s))
		return true;
	return (is_three_words(s) && section(p, s)) || loaded(p, s) || section(p, s);
}

bool placefile_parse(struct placefile *p, FILE *f, const char *name)
{
	unsigned long long n = 0, bad = 0, first = 0;
	char *line = NULL;
	size_t cap = 0;

	for (ssize_t len; (len = getline(&line, &cap, f)) >= 0;) {
		n++;
		if (len && line[len - 1] == '\n')
			line[--len] = 0;
		if (strlen(line) == (size_t)len && parse_line(p, line))
			continue;
		first = bad++ ? first : n;
	}
	free(line);
	if (ferror(f))
		warn("%s: %s", name, strerror(errno));
	if (bad)
		warn("%s:%llu: it is no line of /proc/PID/maps or /proc/modules, no 'address path' and no "
		     "'path section address'", name, first);
	if (bad > 1)
		warn("%s: %llu lines like that were left out", name, bad);
	if (p->hidden)
		warn("%s: the addresses of modules are 0: Linux tells them to root alone", name);
	return !bad && !p->hidden && !ferror(f);
}

bool placefile_read(struct placefile *p, const char *name)
{
	FILE *f = fopen(name, "re");
	bool good;

	if (!f) {
		warn("%s: %s", name, strerror(errno));
		return false;
	}
	good = placefile_parse(p, f, name);
	fclose(f);
	return good;
}

void placefile_free(struct placefile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->line[i].path);
		free(p->line[i].section);
	}
	free(p->line);
	*p = (struct placefile){ .line = NULL };
}

bool placefile_is_module(const char *path, const char *name)
{
	for (path = path_base(path); *name; path++, name++)
		if (*path != *name && !(*path == '-' && *name == '_') && !(*path == '_' && *name == '-'))
			return false;
	return !strcmp(path, ".ko") || !strcmp(path, ".ko.debug");
}
