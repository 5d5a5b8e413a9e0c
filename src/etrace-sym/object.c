/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens the ELF files that the guest ran.
 * in:  build/fw.elf
 * out: the object fw.elf, and when that is needed its symbols and lines
 */
#include "object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "debug.h"
#include "die.h"
#include "dropped.h"
#include "esc.h"
#include "path.h"

struct objects objects_new(size_t max)
{
	return (struct objects){ .of = must_calloc(max, sizeof(struct object)), .max = max };
}

void objects_free(struct objects *o)
{
	for (size_t i = 0; i < o->n; i++) {
		symtab_free(&o->of[i].sym);
		lines_close(&o->of[i].lines);
		elf_close(&o->of[i].elf);
		free(o->of[i].name);
	}
	free(o->of);
	*o = (struct objects){ .n = 0 };
}

static bool same_build(const struct elf *a, const struct elf *b)
{
	return strcmp(a->build_id, "-") && !strcmp(a->build_id, b->build_id);
}

bool object_is_copy(const struct object *a, const struct object *b)
{
	return same_build(&a->elf, &b->elf);
}

static bool is_taken(const struct objects *o, const char *name)
{
	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->of[i].name, name))
			return true;
	return !*name || *name == ':' || !strcmp(name, "-");
}

static char *escaped(const char *s)
{
	size_t n = strlen(s);
	char *text = must_malloc(n * ESC_MAX + 1);

	*esc_put(text, s, n) = 0;
	return text;
}

/* Prefers the base name, which is the same wherever a file was built. */
static char *name_for(const struct objects *o, const char *path)
{
	char *name = escaped(path_base(path)), *longer;

	if (!is_taken(o, name))
		return name;
	free(name);
	for (name = escaped(path); is_taken(o, name); name = longer) {
		longer = must_malloc(strlen(name) + 3);
		strcpy(stpcpy(longer, "./"), name);
		free(name);
	}
	return name;
}

void object_ready(struct object *ob)
{
	if (ob->ready)
		return;
	ob->ready = true;
	debug_open(&ob->elf);
	symtab_read(&ob->sym, &ob->elf, ob->names);
	ob->no_lines |= ob->elf.no_dwarf;
	ob->no_functions |= ob->elf.no_dwarf && !ob->sym.n;
	lines_open(&ob->lines, &ob->elf);
	dropped_remove(ob, ob->names);
}

void object_rest(struct object *ob)
{
	/* What could not be read is not to be noted twice. */
	if (!ob->ready || ob->ran || faults_any(ob->elf.faults))
		return;
	ob->ready = false;
	symtab_free(&ob->sym);
	lines_close(&ob->lines);
	debug_rest(&ob->elf);
	names_forget(ob->names);
}

/* ---- one build, two files ---- */

static void give_debug(struct elf *to, const char *path)
{
	free(to->debug_given);
	to->debug_given = must_strdup(path);
}

/* OB has only DWARF; CODE is the file that it was split from, and becomes OB's. */
static void take_code(struct objects *o, struct object *ob, struct elf *code)
{
	struct stat st;
	char *name;

	if (!stat(code->path, &st)) {
		ob->dev = st.st_dev;
		ob->ino = st.st_ino;
	}
	give_debug(code, ob->elf.path);
	elf_close(&ob->elf);
	ob->elf = *code;
	*ob->name = 0;		/* its old one is free again */
	name = name_for(o, code->path);
	free(ob->name);
	ob->name = name;
}

/* The object that the file E, just opened, is the other half of: E is then used up.  NULL if there is none. */
static struct object *merge(struct objects *o, struct elf *e)
{
	for (size_t i = 0; i < o->n; i++) {
		struct object *ob = &o->of[i];

		if (!same_build(&ob->elf, e) || ob->ready)
			continue;
		if (ob->elf.only_debug && !e->only_debug) {
			take_code(o, ob, e);
			return ob;
		}
		if (!e->only_debug && debug_is_in(e) == debug_is_in(&ob->elf))
			continue;
		if (debug_is_in(e))
			give_debug(&ob->elf, e->path);
		elf_close(e);
		return ob;
	}
	return NULL;
}

/* Where the file with the code may be of which PATH has the DWARF: the one with that number.  NULL if nowhere. */
static char *split_from(const char *path, unsigned i)
{
	static const char root[] = "usr/lib/debug/", end[] = ".debug";
	const char *at = strstr(path, root);
	size_t n = strlen(path);
	char *s = must_malloc(n + 1);

	if ((i & 1 && (n < sizeof end || strcmp(path + n - strlen(end), end))) ||
	    (i & 2 && (!at || (at != path && at[-1] != '/')))) {
		free(s);
		return NULL;
	}
	strcpy(s, path);
	if (i & 1)
		s[n - strlen(end)] = 0;
	if (i & 2)
		memmove(s + (at - path), s + (at - path) + strlen(root), strlen(s + (at - path) + strlen(root)) + 1);
	return s;
}

static void find_code(struct objects *o, struct object *ob, const char *debug_dir)
{
	for (unsigned i = 1; i <= 3 && ob->elf.only_debug; i++) {
		char *path = split_from(ob->elf.path, i);
		struct elf e;

		if (path && elf_is_there(path) && elf_open(&e, path, debug_dir, true)) {
			if (same_build(&e, &ob->elf) && !e.only_debug)
				take_code(o, ob, &e);
			else
				elf_close(&e);
		}
		free(path);
	}
}

bool object_is_debug(const struct object *ob, const char *path)
{
	return ob->times > 1 && ob->elf.debug_given && !strcmp(ob->elf.debug_given, path);
}

/* The object that was opened before and is the file ST. */
static struct object *find_file(const struct objects *o, const struct stat *st)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->of[i].dev == st->st_dev && o->of[i].ino == st->st_ino)
			return &o->of[i];
	return NULL;
}

struct object *objects_open(struct objects *o, const char *path, const char *debug_dir, struct names *names, bool named)
{
	struct object *ob;
	struct stat st;
	struct elf e;

	if (stat(path, &st))
		st = (struct stat){ .st_ino = 0 };
	ob = st.st_ino ? find_file(o, &st) : NULL;
	if (!ob) {
		if (!elf_open(&e, path, debug_dir, named)) {
			o->bad |= named;
			return NULL;
		}
		ob = merge(o, &e);
	}
	if (!ob) {
		ob = &o->of[o->n];
		*ob = (struct object){ .elf = e, .names = names, .named = named, .dev = st.st_dev, .ino = st.st_ino };
		ob->name = name_for(o, path);
		o->n++;
		find_code(o, ob, debug_dir);
	}
	ob->named |= named;
	ob->times++;
	o->any_rel |= ob->elf.is_rel;
	return ob;
}

/* Whether OB matters: a user names many modules, and those that ran are what is of interest. */
static bool matters(const struct objects *o, const struct object *ob)
{
	bool any_ran = false;

	for (size_t i = 0; i < o->n; i++)
		any_ran |= o->of[i].ran;
	return ob->named && (ob->ran || !ob->elf.is_rel || !any_ran);
}

/* Says which objects have no DWARF, but FUNCTIONS or none.  Returns how many. */
static size_t say_no_lines(const struct objects *o, bool functions)
{
	enum { LISTED = 3 };
	char *list;
	size_t n = 0, size;
	FILE *f = open_memstream(&list, &size);

	if (!f)
		die(ST_SYSTEM, "no memory left");
	for (size_t i = 0; i < o->n; i++)
		if (o->of[i].no_lines && o->of[i].no_functions != functions && matters(o, &o->of[i]) && n++ < LISTED)
			fprintf(f, "%s%s", n > 1 ? ", " : "", o->of[i].elf.path);
	if (n > LISTED)
		fprintf(f, " and %zu more", n - LISTED);
	fclose(f);
	if (n)
		warn("%s: %s no DWARF%s; build %s with -g, or give the file that %s debug information was moved to", list,
		     n > 1 ? "have" : "has", functions ? ", so there are functions but no source lines" : " and no functions",
		     n > 1 ? "them" : "it", n > 1 ? "their" : "its");
	free(list);
	return n;
}

bool objects_check(const struct objects *o)
{
	say_no_lines(o, true);
	return !say_no_lines(o, false);
}
