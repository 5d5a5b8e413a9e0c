/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places what was patched.
 * in:  vmlinux's blocks at 81000010 and 81000040; a block at 81000024 whose bytes are not its
 * out: this one is vmlinux's too
 */
#include "patched.h"

#include <stdlib.h>

#include "die.h"
#include "place.h"
#include "sort.h"

/* All blocks by their starts; the caller's to free. */
static struct sort_item *all_sorted(const struct blocks *blocks, size_t n)
{
	struct sort_item *a = must_malloc((n + 1) * sizeof *a), *tmp = must_malloc((n + 1) * sizeof *tmp);

	for (size_t i = 0; i < n; i++)
		a[i] = (struct sort_item){ blocks_get(blocks, (uint32_t)i)->start, (uint32_t)i };
	sort_items(a, tmp, n);
	free(tmp);
	return a;
}

/* In object files all that is patched is known by their tables. */
static bool is_patched(const struct object *ob)
{
	return ob->elf.patches_itself && !ob->elf.is_rel;
}

void patched_place(struct blocks *blocks)
{
	size_t n = blocks_n(blocks), k = 0;
	struct sort_item *a = all_sorted(blocks, n);
	struct place *below = NULL;

	for (size_t i = 0; i < n; i++) {
		struct block *b = blocks_get(blocks, a[i].i);
		struct place *above;
		uint64_t addr;

		if (b->at) {
			below = b->at;
			continue;
		}
		if (!below || b->ambiguous || !is_patched(below->of))
			continue;
		for (k = k > i ? k : i; k < n && !blocks_get(blocks, a[k].i)->at; k++)
			;
		above = k < n ? blocks_get(blocks, a[k].i)->at : NULL;
		if (above == below && place_holds(below, (struct guest){ b->start }, &addr))
			b->at = below;
	}
	free(a);
}
