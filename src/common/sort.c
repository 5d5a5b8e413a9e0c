/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Radix sort, a byte of the key a pass, from the lowest; bytes that are the same in all keys are
 * left out.
 * in:  { 0x300, 0 }, { 0x100, 1 }, { 0x300, 2 }
 * out: { 0x100, 1 }, { 0x300, 0 }, { 0x300, 2 }
 */
#include "sort.h"

#include <stdbool.h>
#include <string.h>

enum { FEW = 48 };	/* for so few, counting 256 kinds of bytes does not pay */

static void insertion_sort(struct sort_item *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct sort_item x = a[i];
		size_t j = i;

		for (; j && a[j - 1].key > x.key; j--)
			a[j] = a[j - 1];
		a[j] = x;
	}
}

static void pass(const struct sort_item *from, struct sort_item *to, size_t n, unsigned shift)
{
	size_t at[256] = { 0 }, sum = 0;

	for (size_t i = 0; i < n; i++)
		at[from[i].key >> shift & 255]++;
	for (size_t b = 0; b < 256; b++) {
		size_t here = at[b];

		at[b] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++)
		to[at[from[i].key >> shift & 255]++] = from[i];
}

void sort_items(struct sort_item *a, struct sort_item *tmp, size_t n)
{
	struct sort_item *from = a, *to = tmp, *swap;
	uint64_t differ = 0;
	bool sorted = true;

	for (size_t i = 1; i < n; i++) {
		differ |= a[i].key ^ a[0].key;
		sorted &= a[i - 1].key <= a[i].key;
	}
	if (sorted)
		return;
	if (n <= FEW) {
		insertion_sort(a, n);
		return;
	}
	for (unsigned shift = 0; shift < 64; shift += 8) {
		if (!(differ >> shift & 255))
			continue;
		pass(from, to, n, shift);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != a)
		memcpy(a, from, n * sizeof *a);
}
