/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says what the largest ranges of unexplained code are.
 * in:  U<TAB>26000<TAB>1bd000<TAB>/usr/lib/libc.so.6<TAB>3<TAB>40; 12 executions
 * out: 25.0 % of 12 executions are in no ELF file: 25.0 % in /usr/lib/libc.so.6
 */
#include "unexplained.h"

#include <stdio.h>
#include <stdlib.h>

#include "die.h"

enum { SHOWN = 3 };

/* What is less than this part of all is not worth a message. */
static const double NOTICEABLE = 0.001;

/* Where a file has it, its name is enough. */
static void put_range(FILE *f, const struct record_u *u)
{
	bool file = record_u_is_file(u->what);

	if (file || *u->what.s == '[')
		fprintf(f, " %.*s", (int)u->what.n, u->what.s);
	if (!file && u->placed)
		fprintf(f, " %llx-%llx", (unsigned long long)u->lo, (unsigned long long)u->hi);
}

/* The ranges of R, the largest ones first, of ALL executions. */
static void put_ranges(FILE *f, const struct ranges *r, size_t n, double all)
{
	double rest = 0;

	for (size_t i = 0; i < n; i++) {
		struct record_u u = ranges_get(r, i);

		if (i >= SHOWN) {
			rest += (double)u.count;
			continue;
		}
		fprintf(f, "%s%.1f %% in", i ? ", " : "", 100 * (double)u.count / all);
		put_range(f, &u);
	}
	if (n > SHOWN)
		fprintf(f, ", %.1f %% in %zu more", 100 * rest / all, n - SHOWN);
}

void unexplained_warn(struct ranges *r, const struct blocks *b, bool seen)
{
	double all = 0, part = 0;
	size_t n = ranges_sort(r), size;
	char *text;
	FILE *f;

	for (size_t i = 0; i < blocks_n(b); i++)
		all += (double)blocks_get(b, i)->count;
	for (size_t i = 0; i < n; i++)
		part += (double)ranges_get(r, i).count;
	if (!part || part < NOTICEABLE * all)
		return;
	f = open_memstream(&text, &size);
	if (!f)
		die(ST_SYSTEM, "no memory");
	put_ranges(f, r, n, all);
	fclose(f);
	warn("%.1f %% of %.0f %s are in no ELF file: %s; give etrace-sym, or etrace-run -e, the ELF files of what ran "
	     "there", 100 * part / all, all, seen ? "blocks seen" : "executions", text);
	free(text);
}
