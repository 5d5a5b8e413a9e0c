/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cachegrind's profile, which cg_annotate, callgrind_annotate and KCachegrind read (Valgrind's
 * manual, Cachegrind, "Cachegrind Output File Format"): desc, cmd and events lines in this order,
 * then costs by file and function, then their sum.
 * in:  work.c:9 in collatz ran 452 times in 9800 ns
 * out: fl=work.c / fn=collatz / 9 452 9800 / summary: 452 9800
 */
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "fmt.h"

static int cmp(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_func(const void *a, const void *b)
{
	const struct cov_line *const *x = a, *const *y = b;
	int d = cmp((*x)->file, (*y)->file);

	d = d ? d : cmp((*x)->func, (*y)->func);
	return d ? d : cmp((*x)->line, (*y)->line);
}

/* The lines that cost anything, by file, function and line; to be freed. */
static const struct cov_line **costly(const struct cov *c, size_t *n)
{
	const struct cov_line **l = must_calloc(c->n_line, sizeof *l);

	*n = 0;
	for (size_t i = 0; i < c->n_line; i++)
		if (c->line[i].count || c->line[i].ns)
			l[(*n)++] = &c->line[i];
	qsort(l, *n, sizeof *l, by_func);
	return l;
}

static void put_name(struct out *o, const char *tag, const char *name)
{
	out_str(o, tag);
	fmt_name(o, name, ',');
	out_char(o, '\n');
}

/* Writes "fl=" and "fn=" where L is in another file or function than BEFORE, which may be NULL. */
static void put_place(const struct cov *c, const struct cov_line *before, const struct cov_line *l, struct out *o)
{
	const char *name = cov_name(c, l->func);
	bool moved = !before || before->file != l->file;

	if (moved)
		put_name(o, "fl=", c->file[l->file]);
	if (moved || before->func != l->func)
		put_name(o, "fn=", strcmp(name, "-") ? name : "???");
}

static void put_costs(struct out *o, uint64_t count, uint64_t ns)
{
	out_dec(o, count);
	out_char(o, ' ');
	out_dec(o, ns);
	out_char(o, '\n');
}

/* The cost of L[0] and of what follows it and is of the same line; returns how many there are. */
static size_t add_up(const struct cov_line **l, size_t n, uint64_t *count, uint64_t *ns)
{
	size_t i;

	*count = *ns = 0;
	for (i = 0; i < n && !by_func(&l[0], &l[i]); i++) {
		count_add(count, l[i]->count);
		count_add(ns, l[i]->ns);
	}
	return i;
}

static bool report(const struct cov *c, struct out *o)
{
	size_t n;
	const struct cov_line **l = costly(c, &n), *before = NULL;
	uint64_t count, ns, all_count = 0, all_ns = 0;

	out_str(o, c->seen_only ? "desc: Seen: 1 for a source line that was seen, how often is not known; "
				  "ns: virtual time spent in it\n"
				: "desc: Count: times a source line ran; ns: virtual time spent in it\n");
	if (c->incomplete)
		out_str(o, "desc: Incomplete: some of what ran is not counted\n");
	out_str(o, "cmd: (a guest traced in QEMU)\n");
	out_str(o, c->seen_only ? "events: Seen ns\n" : "events: Count ns\n");
	for (size_t i = 0; i < n; before = l[i - 1]) {
		const struct cov_line *first = l[i];

		i += add_up(l + i, n - i, &count, &ns);
		count = cov_shown(c, count);
		put_place(c, before, first, o);
		out_dec(o, first->line);
		out_char(o, ' ');
		put_costs(o, count, ns);
		count_add(&all_count, count);
		count_add(&all_ns, ns);
	}
	out_str(o, "summary: ");
	put_costs(o, all_count, all_ns);
	free(l);
	return true;
}

const struct fmt fmt_cachegrind = {
	.name = "cachegrind", .what = "profile for cg_annotate, callgrind_annotate and KCachegrind", .report = report,
};
