/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A map is the same for every run, so it is made once and then kept.  It is kept while it is written, a compilation
 * unit at a time, if it turns out to be whole.
 * in:  the objects fw.elf and boot.elf
 * out: O<TAB>fw.elf, its F, L and R records, O<TAB>boot.elf, its F, L and R records
 */
#include "maps.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "esc.h"
#include "kept.h"
#include "mapkey.h"
#include "mapout.h"
#include "record.h"

struct maps {
	const struct objects *objects;	/* there may come more */
	struct object *ob;		/* the one at hand */
	struct names *names;
	struct map_options options;
	struct out *o;
	struct kept *kept;		/* NULL: none are */
	struct mapout *map;		/* of the object at hand; NULL: it was not begun */
	struct keep *keep;		/* what keeps it; NULL: nothing */
	struct out both;		/* to O and to KEEP */
	bool not_whole;
};

static void put_both(void *maps, const char *p, size_t n)
{
	struct maps *m = maps;

	out_mem(m->o, p, n);
	keep_add(m->keep, p, n);
}

struct maps *maps_new(const struct objects *objects, struct names *names, const struct map_options *options,
		      struct out *o)
{
	struct maps *m = must_calloc(1, sizeof *m);

	m->objects = objects;
	m->ob = objects->of;
	m->names = names;
	m->options = *options;
	m->o = o;
	m->kept = options->keep ? kept_open() : NULL;
	out_to(&m->both, put_both, m);
	return m;
}

/* Whether all objects that there are have their maps. */
static bool is_done(const struct maps *m)
{
	return m->ob == m->objects->of + m->objects->n;
}

static void put_origin(const struct maps *m)
{
	char *path = must_malloc(strlen(m->ob->elf.path) * ESC_MAX + 1);

	*esc_put(path, m->ob->elf.path, strlen(m->ob->elf.path)) = 0;
	record_put_o(m->o, &(struct record_o){ field_of(m->ob->name), field_of(path), field_of(m->ob->elf.build_id) });
	free(path);
}

/* Writes the map that was kept, or begins to make it.  Returns whether that is to be gone on with. */
static bool begin(struct maps *m)
{
	char *key = m->kept ? mapkey(m->ob, m->options.branches, m->options.mangled) : NULL;
	bool found;

	put_origin(m);
	found = key && kept_get(m->kept, key, m->o);
	if (!found || m->ob->elf.no_dwarf)	/* that is said each time */
		object_ready(m->ob);
	if (found) {
		object_rest(m->ob);
	} else {
		m->keep = key && mapkey_tells_all(m->ob) ? keep_begin(m->kept, key) : NULL;
		m->map = mapout_new(m->ob, m->names, m->options.branches, m->keep ? &m->both : m->o);
	}
	free(key);
	return !found;
}

static void end(struct maps *m)
{
	bool whole = mapout_is_whole(m->map);

	m->not_whole |= !whole;
	if (m->keep)
		keep_end(m->keep, whole && !faults_any(m->ob->elf.faults) && elf_is_unchanged(&m->ob->elf));
	m->keep = NULL;
	mapout_free(m->map);
	m->map = NULL;
	object_rest(m->ob);
}

void maps_kept(struct maps *m)
{
	while (m->kept && !is_done(m) && !m->map && !begin(m))
		m->ob++;
}

bool maps_step(struct maps *m)
{
	bool more;

	if (is_done(m))
		return false;
	if (!m->map && !begin(m)) {
		m->ob++;
		return true;
	}
	more = mapout_step(m->map);
	if (m->keep)
		out_flush(&m->both);
	if (!more) {
		end(m);
		m->ob++;
	}
	return true;
}

bool maps_are_whole(struct maps *m)
{
	if (!out_copied(m->o)) {
		warn("a map that was kept was cut off while it was read; run etrace-sym again");
		m->not_whole = true;
	}
	return !m->not_whole;
}

void maps_free(struct maps *m)
{
	if (!m)
		return;
	if (m->keep)
		keep_end(m->keep, false);
	mapout_free(m->map);
	out_free(&m->both);
	kept_close(m->kept);
	free(m);
}
