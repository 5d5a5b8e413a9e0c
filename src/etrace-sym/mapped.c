/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places what was mapped.
 * in:  G<TAB>7f3c4a028000<TAB>7f3c4a17d000<TAB>26000<TAB>/lib/x86_64-linux-gnu/libc.so.6<TAB>6d6e...
 * out: a place of libc.so.6, whose byte 26000 is linked at 26000
 */
#include "mapped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "esc.h"
#include "path.h"

struct mapped {
	struct objects *objects;
	struct places *places;
	struct names *names;
	const char *debug_dir;
	bool open;
	size_t n_named;			/* objects that the user named: the first ones */
};

struct mapped *mapped_new(struct objects *objects, struct places *places, struct names *names, const char *debug_dir,
			  bool open)
{
	struct mapped *m = must_malloc(sizeof *m);

	*m = (struct mapped){ objects, places, names, debug_dir, open, objects->n };
	return m;
}

void mapped_free(struct mapped *m)
{
	free(m);
}

static bool has_id(const struct object *ob, struct field id)
{
	return !field_is(id, "-") && field_is(id, ob->elf.build_id);
}

/* Whether neither has a build-id that says something else, and the base names are the same. */
static bool is_named(const struct object *ob, const char *path, struct field id)
{
	return (field_is(id, "-") || !strcmp(ob->elf.build_id, "-")) && !strcmp(path_base(ob->elf.path), path_base(path));
}

static struct object *find(const struct mapped *m, const char *path, struct field id)
{
	for (size_t i = 0; i < m->objects->n; i++)
		if (has_id(&m->objects->of[i], id))
			return &m->objects->of[i];
	for (size_t i = 0; i < m->objects->n; i++)
		if (is_named(&m->objects->of[i], path, id))
			return &m->objects->of[i];
	return NULL;
}

/* What is no ELF file, or is gone, is nothing that the user named: its blocks are in none. */
static struct object *open_file(struct mapped *m, const char *path)
{
	if (!m->open || !elf_is_there(path) || m->objects->n == m->objects->max)
		return NULL;
	return objects_open(m->objects, path, m->debug_dir, m->names, false);
}

struct object *mapped_object(struct mapped *m, const char *path)
{
	struct object *ob;

	for (size_t i = 0; i < m->objects->n; i++)
		if (!strcmp(m->objects->of[i].elf.path, path))
			return &m->objects->of[i];
	ob = find(m, path, field_of("-"));
	return ob ? ob : open_file(m, path);
}

void mapped_put(struct mapped *m, struct object *ob, enum origin origin, struct guest lo, uint64_t hi, uint64_t offset)
{
	uint64_t linked;

	/* What objcopy left of a file for its debug information has its segments at other offsets. */
	if (!elf_at_offset(&ob->elf, offset, &linked))
		linked = ob->elf.load_code & ~(uint64_t)4095;
	places_put(m->places, ob, origin, lo, linked, hi - lo.addr);
}

void mapped_g(struct mapped *m, const struct record_g *g)
{
	struct named as = { .path = NULL };
	struct guest lo = { g->lo };
	struct object *ob;
	char *path;

	places_unmap(m->places, lo, g->hi);
	if (field_is(g->path, "-") || *g->path.s == '[')
		return;
	path = esc_undo(g->path.s, g->path.n);
	ob = find(m, path, g->build_id);
	if (!ob && (ob = open_file(m, path)))
		places_add(m->places, ob, &as);
	if (ob && !place_is_said(m->places, ob)) {
		place_nowhere(m->places, ob);
		mapped_put(m, ob, PLACE_MAPPED, lo, g->hi, g->offset);
	}
	free(path);
}

/* Their base names, with commas between; N of them.  The caller's to free. */
static char *without_lines(const struct mapped *m, size_t *n)
{
	char *list;
	size_t size;
	FILE *f = open_memstream(&list, &size);

	if (!f)
		die(ST_SYSTEM, "no memory left");
	*n = 0;
	for (size_t i = m->n_named; i < m->objects->n; i++) {
		const struct object *ob = &m->objects->of[i];

		if (ob->ran && ob->elf.no_dwarf)
			fprintf(f, "%s%s", (*n)++ ? ", " : "", path_base(ob->elf.path));
	}
	fclose(f);
	return list;
}

void mapped_check(const struct mapped *m)
{
	size_t n;
	char *list = without_lines(m, &n);

	if (n)
		warn("no source lines of %s, which %s no debug information; -D /usr/lib/debug uses what is installed of "
		     "it (on Debian, find-dbgsym-packages FILE names the package)", list, n > 1 ? "have" : "has");
	free(list);
}
