/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lcov's tracefile, in the dialect of 2.x: functions with their last lines, and names as they are.
 * in:  collatz begins at work.c:5, was entered 9 times, and has code up to line 17
 * out: FNL:0,5,17 / FNA:0,9,collatz / FNF:1 / FNH:1
 *
 * Functions that begin in one line are one function with several names to lcov 2, as instances of a
 * template are.
 */
#include <stdlib.h>

#include "fmt.h"
#include "lcov.h"

/* Of a function, by its name, in the file at hand. */
struct func_lines {
	uint32_t limit;		/* where the next one begins; 0 for one that is not of this file */
	uint32_t last;		/* the last line before that which it has code of; 0 for none */
};

/* Where the next function begins, from index I on, that is not inside of the one before. */
static uint32_t next_start(const struct part *p, size_t i)
{
	while (i < p->func_end && lcov_is_lambda(coverage_name(p->c, p->c->func[i].name)))
		i++;
	return i < p->func_end ? p->c->func[i].line : UINT32_MAX;
}

/*
 * A function ends with the last line that it has code of.  Optimised code may have a line of another
 * function, which is not taken for one of its own.
 */
static void find_last_lines(const struct part *p, struct func_lines *lines)
{
	const struct coverage_func *f = p->c->func;
	uint64_t entered;

	for (size_t i = p->func, next; i < p->func_end; i = next) {
		uint32_t limit;

		next = part_same_line(p, i, &entered);
		limit = next_start(p, next);
		for (size_t j = i; j < next; j++)
			lines[f[j].name] = (struct func_lines){ limit, 0 };
	}
	for (size_t i = p->line; i < p->line_end; i++) {
		const struct coverage_line *l = &p->c->line[i];

		if (l->line < lines[l->func].limit)
			lines[l->func].last = l->line;
	}
}

/* The last line of the functions from index I up to NEXT, whose lines are then as before. */
static uint32_t end_line(const struct part *p, size_t i, size_t next, struct func_lines *lines)
{
	uint32_t end = p->c->func[i].line;

	for (; i < next; i++) {
		struct func_lines *x = &lines[p->c->func[i].name];

		end = x->last > end ? x->last : end;
		*x = (struct func_lines){ 0, 0 };
	}
	return end;
}

static void put_name(struct out *o, size_t index, uint64_t count, const char *name)
{
	out_str(o, "FNA:");
	out_dec(o, index);
	out_char(o, ',');
	out_dec(o, count);
	out_char(o, ',');
	fmt_name(o, name, ',');
	out_char(o, '\n');
}

/*
 * The functions that begin in one line, from index I on; returns the index after them.  Of those that
 * nobody entered, though lines of them ran, one is counted once (see put_entered() in fmt-lcov.c).
 */
static size_t put_group(const struct part *p, size_t i, size_t index, struct func_lines *lines, size_t *line,
			bool *hit, struct out *o)
{
	const struct coverage_func *f = p->c->func;
	uint64_t entered, extra;
	size_t next = part_same_line(p, i, &entered), at;
	uint32_t end = end_line(p, i, next, lines);

	part_any_ran(p, line, f[i].line);
	at = *line;
	extra = !entered && part_any_ran(p, &at, end + 1) && !lcov_is_lambda(coverage_name(p->c, f[i].name));
	*hit = entered || extra;
	out_str(o, "FNL:");
	out_dec(o, index);
	out_char(o, ',');
	out_dec(o, f[i].line);
	out_char(o, ',');
	out_dec(o, end);
	out_char(o, '\n');
	for (; i < next; i++, extra = 0)
		put_name(o, index, coverage_shown(p->c, f[i].count + extra), coverage_name(p->c, f[i].name));
	return next;
}

static void put_functions(const struct part *p, void *lines, struct out *o)
{
	size_t found = 0, hits = 0, line = p->line;

	find_last_lines(p, lines);
	for (size_t i = p->func; i < p->func_end; found++) {
		bool hit;

		i = put_group(p, i, found, lines, &line, &hit, o);
		hits += hit;
	}
	lcov_total(o, "FNF:", found);
	lcov_total(o, "FNH:", hits);
}

static bool report(const struct coverage *c, struct out *o)
{
	struct func_lines *lines = must_calloc(intern_count(c->names), sizeof *lines);
	bool good = lcov_report(c, put_functions, lines, o);

	free(lines);
	return good;
}

const struct fmt fmt_lcov2 = {
	.name = "lcov2", .what = "the same for lcov 2 alone: functions have end lines", .report = report,
};
