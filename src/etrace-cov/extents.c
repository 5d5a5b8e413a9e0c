/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps extents by address, those that touch as one.
 * in:  200 to 207, 100 to 13f, 120 to 14f
 * out: 100 to 14f, 200 to 207
 */
#include "extents.h"

#include <stdlib.h>

#include "die.h"
#include "search.h"
#include "sort.h"

struct extents {
	struct extent *e;
	size_t n, room;
};

struct extents *extents_new(size_t n)
{
	struct extents *x = must_calloc(1, sizeof *x);

	x->room = n;
	x->e = must_calloc(n, sizeof *x->e);
	return x;
}

void extents_free(struct extents *x)
{
	if (!x)
		return;
	free(x->e);
	free(x);
}

void extents_add(struct extents *x, struct extent e)
{
	GROW(x->e, x->n, x->room);
	x->e[x->n++] = e;
}

void extents_settle(struct extents *x)
{
	struct sort_item *item = must_calloc(2 * x->n, sizeof *item);
	struct extent *e = must_calloc(x->n, sizeof *e);
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		item[i] = (struct sort_item){ x->e[i].lo, (uint32_t)i };
	sort_items(item, item + x->n, x->n);
	for (size_t i = 0; i < x->n; i++) {
		struct extent next = x->e[item[i].i];

		if (!n || (e[n - 1].last < next.lo && next.lo - e[n - 1].last > 1))
			e[n++] = next;
		else if (e[n - 1].last < next.last)
			e[n - 1].last = next.last;
	}
	free(item);
	free(x->e);
	*x = (struct extents){ e, n, x->n };
}

bool extents_meet(const struct extents *x, struct extent e)
{
	size_t i;

	SEARCH(i, x->n, x->e[i].last < e.lo);
	return i < x->n && x->e[i].lo <= e.last;
}
