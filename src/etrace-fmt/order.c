/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts coverage in order.
 * in:  b.c:7, a.c:9, a.c:3
 * out: a.c:3, a.c:9, b.c:7
 */
#include "order.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "sort.h"

static int cmp(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_start(const void *a, const void *b, void *c)
{
	const struct coverage_func *x = a, *y = b;
	int d = cmp(x->file, y->file);

	d = d ? d : cmp(x->line, y->line);
	return d ? d : strcmp(coverage_name(c, x->name), coverage_name(c, y->name));
}

/* Orders the N lines at L, which are of one file and line, by function; ITEM and TMP have room for N. */
static void sort_by_func(struct coverage_line *l, size_t n, struct sort_item *item, struct sort_item *tmp,
			 const struct coverage_line *unsorted)
{
	for (size_t i = 0; i < n; i++)
		item[i].key = unsorted[item[i].i].func;
	sort_items(item, tmp, n);
	for (size_t i = 0; i < n; i++)
		l[i] = unsorted[item[i].i];
}

/* The index after the items, from I on, with one key. */
static size_t same_key(const struct sort_item *item, size_t n, size_t i)
{
	uint64_t key = item[i].key;

	while (i < n && item[i].key == key)
		i++;
	return i;
}

/* Puts the lines in the order of file, line and function. */
static void sort_lines(struct coverage *c)
{
	size_t n = c->n_line, most = 0, next;
	struct sort_item *item = must_calloc(n, sizeof *item), *tmp = must_calloc(n, sizeof *tmp);
	struct coverage_line *sorted;

	for (size_t i = 0; i < n; i++) {
		const struct coverage_line *l = &c->line[i];

		item[i] = (struct sort_item){ (uint64_t)l->file << 32 | l->line, (uint32_t)i };
	}
	sort_items(item, tmp, n);
	free(tmp);
	for (size_t i = 0; i < n; i = next) {
		next = same_key(item, n, i);
		most = next - i > most ? next - i : most;
	}
	tmp = must_calloc(most, sizeof *tmp);
	sorted = must_calloc(n, sizeof *sorted);
	for (size_t i = 0; i < n; i = next) {
		next = same_key(item, n, i);
		sort_by_func(sorted + i, next - i, item + i, tmp, c->line);
	}
	free(tmp);
	free(item);
	free(c->line);
	c->line = sorted;
	c->cap_line = n;
}

/* By the object's name, not by its number, which depends on what came first. */
static int by_address(const void *a, const void *b, void *coverage)
{
	const struct coverage_branch *x = a, *y = b;
	const struct coverage *c = coverage;
	int d = cmp(x->file, y->file);

	d = d ? d : cmp(x->line, y->line);
	if (!d && x->object != y->object)
		d = strcmp(objects_name(c->objects, x->object), objects_name(c->objects, y->object));
	return d ? d : (x->addr > y->addr) - (x->addr < y->addr);
}

/* Those that ran most first; equal ones by their names, as above. */
static int by_count(const void *a, const void *b, void *coverage)
{
	const struct coverage_range *x = a, *y = b;
	const struct coverage *c = coverage;
	int d = (x->count < y->count) - (x->count > y->count);

	d = d ? d : strcmp(objects_name(c->objects, x->object), objects_name(c->objects, y->object));
	return d ? d : strcmp(coverage_name(c, x->name), coverage_name(c, y->name));
}

static uint32_t ranked(const uint32_t *rank, uint32_t file)
{
	return file == NO_FILE ? NO_FILE : rank[file];
}

/* The same of what a profile with calls has. */
static void rank_calls(struct coverage *c, const uint32_t *rank)
{
	for (size_t i = 0; i < c->profile->n_line; i++)
		c->profile->line[i].file = ranked(rank, c->profile->line[i].file);
	for (size_t i = 0; i < c->functions->n; i++)
		c->functions->f[i].file = ranked(rank, c->functions->f[i].file);
	for (size_t i = 0; i < c->calls->n_arc; i++)
		c->calls->arc[i].file = ranked(rank, c->calls->arc[i].file);
}

void coverage_sort(struct coverage *c)
{
	uint32_t *rank;

	if (c->profile)
		profile_settle(c->profile);
	c->file = paths_sorted(c->paths, &c->n_file, &rank);
	for (size_t i = 0; i < c->n_line; i++)
		c->line[i].file = rank[c->line[i].file];
	for (size_t i = 0; i < c->n_func; i++)
		c->func[i].file = rank[c->func[i].file];
	for (size_t i = 0; i < c->n_branch; i++)
		c->branch[i].file = rank[c->branch[i].file];
	if (c->calls)
		rank_calls(c, rank);
	free(rank);
	sort_lines(c);
	if (c->n_branch)
		qsort_r(c->branch, c->n_branch, sizeof *c->branch, by_address, c);
	if (c->n_range)
		qsort_r(c->range, c->n_range, sizeof *c->range, by_count, c);
	if (c->n_func)
		qsort_r(c->func, c->n_func, sizeof *c->func, by_start, c);
}
