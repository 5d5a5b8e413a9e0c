/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places what was patched.
 * in:  vmlinux's blocks at 81000010 and 81000040; a block at 81000024 whose bytes are not its
 * out: this one is vmlinux's too
 */
#include "patched.h"

#include <stdlib.h>

#include "place.h"

static void place_between(struct blocks *blocks)
{
	size_t n = blocks_n(blocks), k = 0;
	struct sort_item *a = blocks_by_start(blocks, NULL, n);
	struct place *below = NULL;

	for (size_t i = 0; i < n; i++) {
		struct block *b = blocks_get(blocks, a[i].i);
		struct place *above;
		uint64_t addr;

		if (b->at) {
			below = b->at;
			continue;
		}
		if (!below || b->ambiguous || !object_patches_itself(below->of))
			continue;
		for (k = k > i ? k : i; k < n && !blocks_get(blocks, a[k].i)->at; k++)
			;
		above = k < n ? blocks_get(blocks, a[k].i)->at : NULL;
		if (above == below && place_holds(below, (struct guest){ b->start }, &addr))
			b->at = below;
	}
	free(a);
}

static bool any_nowhere(const struct blocks *blocks)
{
	for (uint32_t i = 0; i < blocks_n(blocks); i++)
		if (!blocks_get(blocks, i)->at)
			return true;
	return false;
}

void patched_place(struct blocks *blocks)
{
	if (any_nowhere(blocks))
		place_between(blocks);
}
