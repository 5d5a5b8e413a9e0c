/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lcov's tracefile, in the dialect that 1.16 and 2.x both read.
 * in:  collatz begins at work.c:5 and was entered 9 times
 * out: FN:5,collatz / FNDA:9,collatz / FNF:1 / FNH:1
 */
#include "fmt.h"
#include "lcov.h"

/*
 * lcov 1.16 takes a function's name to end at a comma, so that f(int, char) and f(int, long) would
 * both be "f(int".  A C++ name has no semicolon: one stands for the comma.
 */
enum { COMMA = ';' };

static void put_function(struct out *o, const char *tag, uint64_t number, const char *name)
{
	out_str(o, tag);
	out_dec(o, number);
	out_char(o, ',');
	fmt_name(o, name, COMMA);
	out_char(o, '\n');
}

/*
 * The functions of a file that begin in one line, from index I on; returns the index after them.
 *
 * Optimised code has lines that ran in functions that nobody entered: the compiler moved a piece
 * of one into another, or the trace began in its middle.  That function did run, and is counted
 * once.  To lcov 2.x, the lines of a function are all up to the next function; but a lambda is
 * inside another, so that lines after it are not its own.
 */
static size_t put_entered(const struct part *p, size_t i, size_t *line, size_t *hit, struct out *o)
{
	const struct coverage_func *f = p->c->func;
	const char *name = coverage_name(p->c, f[i].name);
	uint64_t entered, extra;
	size_t next = part_same_line(p, i, &entered);
	bool ran;

	part_any_ran(p, line, f[i].line);
	ran = part_any_ran(p, line, next < p->func_end ? f[next].line : UINT32_MAX);
	extra = ran && !entered && !lcov_is_lambda(name);
	for (; i < next; i++, extra = 0) {
		uint64_t count = coverage_shown(p->c, f[i].count + extra);

		put_function(o, "FNDA:", count, coverage_name(p->c, f[i].name));
		*hit += count > 0;
	}
	return next;
}

static void put_functions(const struct part *p, void *unused, struct out *o)
{
	size_t hit = 0, line = p->line;

	(void)unused;
	for (size_t i = p->func; i < p->func_end; i++)
		put_function(o, "FN:", p->c->func[i].line, coverage_name(p->c, p->c->func[i].name));
	for (size_t i = p->func; i < p->func_end;)
		i = put_entered(p, i, &line, &hit, o);
	lcov_total(o, "FNF:", p->func_end - p->func);
	lcov_total(o, "FNH:", hit);
}

static bool report(const struct coverage *c, struct out *o)
{
	return lcov_report(c, put_functions, NULL, o);
}

const struct fmt fmt_lcov = {
	.name = "lcov", .what = "tracefile for genhtml and lcov, of any version", .report = report,
};
