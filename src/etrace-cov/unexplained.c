/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up unexplained code, and says what the largest ranges of it are.
 * in:  U<TAB>26000<TAB>1bd000<TAB>/usr/lib/libc.so.6<TAB>3<TAB>40; 12 executions
 * out: 25.0 % of 12 executions are in no ELF file: 25.0 % in /usr/lib/libc.so.6
 */
#include "unexplained.h"

#include <stdio.h>
#include <stdlib.h>

#include "die.h"
#include "record.h"

enum { SHOWN = 3 };

/* What is less than this part of all is not worth a message. */
static const double NOTICEABLE = 0.001;

struct unexplained {
	struct ranges *here;		/* of the traces that are counted */
	struct ranges *before;		/* of U records */
};

struct unexplained *unexplained_new(void)
{
	struct unexplained *u = must_malloc(sizeof *u);

	*u = (struct unexplained){ ranges_new(), ranges_new() };
	return u;
}

void unexplained_free(struct unexplained *u)
{
	ranges_free(u->here);
	ranges_free(u->before);
	free(u);
}

bool unexplained_u(struct unexplained *u, const char *line, size_t len)
{
	struct record_u r;

	if (!record_read_u(line, len, &r))
		return false;
	ranges_add(u->before, &r);
	return true;
}

struct ranges *unexplained_ranges(struct unexplained *u)
{
	return u->here;
}

/* ---- the message ---- */

static void put_range(FILE *f, const struct record_u *u)
{
	if (!field_is(u->what, "-"))
		fprintf(f, " %.*s", (int)u->what.n, u->what.s);
	if (u->placed)
		fprintf(f, " %llx-%llx", (unsigned long long)u->lo, (unsigned long long)u->hi);
}

/* The N ranges of R, the largest ones first, of ALL executions. */
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

/* Of a file, its name is enough: where in it does not matter. */
static struct ranges *without_places_in_files(struct ranges *from)
{
	struct ranges *r = ranges_new();

	for (size_t i = 0, n = ranges_sort(from); i < n; i++) {
		struct record_u u = ranges_get(from, i);

		if (record_u_is_file(u.what))
			u = (struct record_u){ .what = u.what, .count = u.count };
		ranges_add(r, &u);
	}
	return r;
}

/* What to do about the largest of the N ranges of R that may be in an ELF file. */
static const char *advice(const struct ranges *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct field what = ranges_get(r, i).what;

		if (record_u_is_file(what))
			return "; etrace-sym -u uses the files that were mapped";
		if (!field_is(what, "[generated code]") && !field_is(what, "[boot ROM]"))
			return "; give etrace-sym, or etrace-run -e, the ELF files of what ran there";
	}
	return "";
}

/* Says that PART of ALL executions are in no ELF file: those of FROM. */
static void say(struct ranges *from, double part, double all, bool seen)
{
	struct ranges *r = without_places_in_files(from);
	size_t n = ranges_sort(r), size;
	char *text;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		die(ST_SYSTEM, "no memory left");
	put_ranges(f, r, n, all);
	fclose(f);
	warn("%.1f %% of %.0f %s are in no ELF file: %s%s", 100 * part / all, all,
	     seen ? "blocks seen" : "executions", text, advice(r, n));
	free(text);
	ranges_free(r);
}

static void say_if_noticeable(struct ranges *r, const struct blocks *b, bool seen)
{
	double all = 0, part = 0;

	for (size_t i = 0; i < blocks_n(b); i++)
		all += (double)blocks_get(b, i)->count;
	for (size_t i = 0, n = ranges_sort(r); i < n; i++)
		part += (double)ranges_get(r, i).count;
	if (part && part >= NOTICEABLE * all)
		say(r, part, all, seen);
}

/* ---- blocks ---- */

/* Whether a block is in no function and no line; one that etrace-sym has not seen is if the map knows its object. */
static bool is_unexplained(const struct tally *t, const struct block *b)
{
	return block_is_unexplained(b) && !(b->bare && tally_knows(t, b->in));
}

/* Adds those that are in an object; what is in none is there. */
static void add_blocks(struct unexplained *u, const struct blocks *b, const struct tally *t)
{
	for (size_t i = 0; i < blocks_n(b); i++) {
		const struct block *x = blocks_get(b, i);

		if (!x->guest && is_unexplained(t, x))
			ranges_add_block(u->here, x->start, x->size, blocks_object(b, x), x->count, x->ns);
	}
}

bool unexplained_blocks(struct unexplained *u, const struct blocks *b, const struct tally *t, bool seen, bool quiet)
{
	unsigned long long bare = 0;

	for (size_t i = 0; i < blocks_n(b); i++)
		bare += blocks_get(b, i)->bare && is_unexplained(t, blocks_get(b, i));
	bare = tally_is_empty(t) ? 0 : bare;
	if (bare)
		warn("%llu blocks have no place, for etrace-sym has not seen them, and count as unexplained (U): put "
		     "etrace-sym before etrace-cov", bare);
	else if (!tally_is_empty(t) && !quiet)
		say_if_noticeable(u->here, b, seen);
	add_blocks(u, b, t);
	return !bare;
}

void unexplained_write(struct unexplained *u, bool seen, struct out *o)
{
	for (size_t i = 0, n = ranges_sort(u->here); i < n; i++) {
		struct record_u r = ranges_get(u->here, i);

		ranges_add(u->before, &r);
	}
	ranges_write(u->before, seen, o);
}
