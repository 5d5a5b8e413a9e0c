/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says which ELF files have no block of the trace.
 * in:  blocks at 1000 and 1010, fw.elf with code at 40200800-40201d98
 * out: fw.elf: no block of the trace is in it: it has code at 40200800-40201d98, the trace begins at 1000
 */
#include "unused.h"

#include <stdio.h>

#include "die.h"

enum { FEW = 4 };	/* that are named, each with what may be the cause */

/* The object, named before OB, that has blocks and code where OB has code; NULL if there is none. */
static const struct object *in_front(struct places *places, const struct object *ob)
{
	for (size_t i = 0; i < ob->elf.n_code; i++) {
		const struct object *first = place_find(places, place_guest(places, ob, ob->elf.code[i].lo)).in;

		if (first && first != ob && first->ran)
			return first;
	}
	return NULL;
}

static void say(struct places *places, const struct object *ob, const struct object *first, const char *trace)
{
	const struct elf *e = &ob->elf;

	if (!e->n_code)
		warn("%s: no block of the trace is in it: it has no code; name the file that the guest ran", e->path);
	else if (first)
		warn("%s: no block of the trace is in it: what ran at its addresses is %s; if this was loaded elsewhere, name "
		     "it %s@BIAS", e->path, first->elf.path, e->path);
	else
		warn("%s: no block of the trace is in it: it has code at %llx-%llx%s; is it what the guest ran? If it "
		     "was loaded elsewhere than it was linked, name it %s@BIAS", e->path,
		     (unsigned long long)place_guest(places, ob, e->code[0].lo).addr,
		     (unsigned long long)place_guest(places, ob, e->code[e->n_code - 1].hi).addr, trace, e->path);
}

static bool is_unused(const struct object *ob)
{
	return ob->named && !ob->ran && !ob->blamed;
}

/* Who names all modules of a kernel knows that most of them did not run. */
static void say_many(const struct objects *objects, size_t n)
{
	size_t i = 0;

	while (!is_unused(&objects->of[i]))
		i++;
	warn("%zu of %zu ELF files have no block of the trace, such as %s", n, objects->n,
	     objects->of[i].elf.path);
}

bool unused_check(const struct objects *objects, struct places *places, const struct annotator *a)
{
	bool any_ran = false, any_unknown;
	struct guest unknown;
	char trace[80] = "";
	size_t n = 0;

	for (size_t i = 0; i < objects->n; i++) {
		any_ran |= objects->of[i].ran;
		n += is_unused(&objects->of[i]);
	}
	any_unknown = annotate_unknown(a, &unknown);
	if (!objects->n || (!any_ran && !any_unknown))
		return true;
	if (any_unknown)
		snprintf(trace, sizeof trace, ", the trace %s at %llx", any_ran ? "has code of no file" : "begins",
			 (unsigned long long)unknown.addr);
	if (any_ran && n > FEW) {
		say_many(objects, n);
		return true;
	}
	for (size_t i = 0; i < objects->n; i++) {
		const struct object *ob = &objects->of[i];

		if (is_unused(ob))
			say(places, ob, in_front(places, ob), trace);
	}
	return any_ran;
}
