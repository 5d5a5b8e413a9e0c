/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens the ELF files that the guest ran.
 * in:  build/fw.elf
 * out: the object fw.elf, and when that is needed its symbols and lines
 */
#include "object.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "debug.h"
#include "die.h"
#include "dropped.h"
#include "esc.h"

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

bool object_is_copy(const struct object *a, const struct object *b)
{
	char x[2 * 64 + 1], y[2 * 64 + 1];

	elf_build_id(&a->elf, x);
	elf_build_id(&b->elf, y);
	return strcmp(x, "-") && !strcmp(x, y);
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
	const char *slash = strrchr(path, '/');
	char *name = escaped(slash ? slash + 1 : path), *longer;

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

/* Says what an ELF file has not.  False if there is nothing that tells what its code is. */
static bool check_debug(const struct object *ob)
{
	if (!ob->elf.no_dwarf)
		return true;
	warn("%s: has no DWARF%s; build it with -g, or give the file that its debug information was moved to",
	     ob->elf.path, ob->sym.n ? ", so there are functions but no source lines" : " and no functions");
	return ob->sym.n;
}

void object_ready(struct object *ob)
{
	if (ob->ready)
		return;
	ob->ready = true;
	debug_open(&ob->elf);
	symtab_read(&ob->sym, &ob->elf, ob->names);
	ob->bad |= ob->tell && !check_debug(ob);
	ob->tell = false;
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

struct object *objects_open(struct objects *o, const char *path, const char *debug_dir, struct names *names, bool named)
{
	struct object *ob = &o->of[o->n];
	struct stat st;

	*ob = (struct object){ .names = names, .tell = named };
	if (!stat(path, &st)) {
		for (size_t i = 0; i < o->n; i++)
			if (o->of[i].dev == st.st_dev && o->of[i].ino == st.st_ino)
				return &o->of[i];
		ob->dev = st.st_dev;
		ob->ino = st.st_ino;
	}
	if (!elf_open(&ob->elf, path, debug_dir)) {
		o->bad |= named;
		return NULL;
	}
	ob->name = name_for(o, path);
	o->any_rel |= ob->elf.is_rel;
	o->n++;
	return ob;
}
