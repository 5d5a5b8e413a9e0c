/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sorts by numbers: for millions of small things qsort's calls cost more than the sorting.
 *
 * To sort by several keys, call it once a key, the least important first: it is stable.
 */
#ifndef ETRACE_SORT_H
#define ETRACE_SORT_H

#include <stddef.h>
#include <stdint.h>

struct sort_item {
	uint64_t key;
	uint32_t i;	/* which of the caller's things it stands for */
};

/* Sorts the N items at A by key, equal ones in the order that they had.  TMP: room for N more. */
void sort_items(struct sort_item *a, struct sort_item *tmp, size_t n);

#endif
