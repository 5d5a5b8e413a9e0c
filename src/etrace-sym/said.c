/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places what the user says.
 * in:  nls_utf8 16384 1 - Live 0xffffffffc0a4e000
 * out: places of nls_utf8.ko: .text at ffffffffc0a4e000, and .exit.text after it
 */
#include "said.h"

#include <string.h>

#include "code.h"
#include "die.h"
#include "placefile.h"

static struct object *module(const struct objects *o, const char *name)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->of[i].elf.is_rel && placefile_is_module(o->of[i].elf.path, name))
			return &o->of[i];
	return NULL;
}

static void put_loaded(struct places *p, struct object *ob, struct guest at)
{
	if (ob->elf.is_rel)
		places_put_core(p, ob, at);
	else
		places_put_all(p, ob, PLACE_SAID, at.addr - elf_first_page(&ob->elf));
}

/* False if OB has no such section with code. */
static bool put_section(struct places *p, struct object *ob, const char *name, struct guest at)
{
	size_t n;
	const struct section *s = code_sections(&ob->elf, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(s[i].name, name)) {
			places_put(p, ob, PLACE_SAID, at, s[i].addr, s[i].size);
			return true;
		}
	return false;
}

/* Returns whether X says where code of an object is. */
static bool put_line(const struct placefile_line *x, struct mapped *m, const struct objects *objects, struct places *p)
{
	struct object *ob = x->kind == PLACEFILE_MODULE ? NULL : mapped_object(m, x->path);
	struct guest lo = { x->lo };

	if (!ob && (x->kind == PLACEFILE_MODULE || x->kind == PLACEFILE_SECTION))
		ob = module(objects, x->path);
	if (!ob || (x->kind == PLACEFILE_MAPPED && ob->elf.is_rel))
		return false;
	if (x->kind == PLACEFILE_SECTION)
		return put_section(p, ob, x->section, lo);
	if (x->kind == PLACEFILE_MAPPED)
		mapped_put(m, ob, PLACE_SAID, lo, x->hi, x->offset);
	else
		put_loaded(p, ob, lo);
	return true;
}

bool said_read(const char *name, struct mapped *m, const struct objects *objects, struct places *p)
{
	struct placefile f = { .line = NULL };
	bool ok = placefile_read(&f, name);
	size_t n = 0;

	for (size_t i = 0; i < f.n; i++)
		n += put_line(&f.line[i], m, objects, p);
	if (ok && !n)
		warn("%s: places none of the ELF files that were named; name the files that it lists, or let -u "
		     "use them", name);
	placefile_free(&f);
	return ok && n;
}
