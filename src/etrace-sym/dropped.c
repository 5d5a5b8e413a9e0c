/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is really at address 0 has a symbol there; functions without are not (dietree.c).  Of the rows
 * of a unit that has such functions, those are kept that can be of what is where they are.
 *
 * in:  main [40,80), gone [0,60) without a symbol; rows main.c:3 at 40, gone.c:2 at 50, main.c:4 at 58
 * out: main.c:3 at 40, main.c:4 at 58
 */
#include "dropped.h"

#include <stdlib.h>

#include "die.h"
#include "scopes.h"

static void remove_rows(struct object *ob, struct unit *u, const struct scopes *s, uint64_t end, struct names *names)
{
	size_t n = 0;
	uint32_t *kept;

	if (!unit_rows(&ob->lines, u))
		return;
	kept = must_malloc(u->n_rows * sizeof *kept);
	for (size_t i = 0; i < u->n_rows; i++) {
		struct row r = unit_row(&ob->lines, u, i);

		if (r.addr > end || (r.end ? scopes_end_at(s, r.addr) :
					     scopes_have(s, r.addr, name_file(names, r.file), r.line)))
			kept[n++] = (uint32_t)i;
	}
	u->kept = kept;
	u->n_rows = n;
}

void dropped_remove(struct object *ob, struct names *names)
{
	struct lines *l = &ob->lines;
	uint64_t zero = ob->elf.dwarf_bias;
	struct scopes s = { .n_stretch = 0 };
	size_t n = 0;

	if (ob->elf.is_rel || !elf_is_code(&ob->elf, zero))	/* no linker dropped anything yet */
		return;
	for (size_t i = 0; i < l->n_unit; i++) {
		struct unit *u = &l->unit[i];

		scopes_read(&s, l, u, &ob->sym, names);
		if (!s.tree.dropped)
			continue;
		remove_rows(ob, u, &s, s.tree.dropped + zero, names);
		for (size_t j = 0; j < l->n_span && l->span[j].lo == zero; j++)
			if (&l->unit[l->span[j].unit] == u && !scopes_end_at(&s, l->span[j].hi))
				l->span[j].hi = zero;
	}
	for (size_t i = 0; i < l->n_span; i++)
		if (l->span[i].lo < l->span[i].hi)
			l->span[n++] = l->span[i];
	l->n_span = n;
	scopes_free(&s);
}
