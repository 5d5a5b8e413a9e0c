/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lcov's tracefile, in the dialect that 1.16 and 2.x both read (geninfo(1), FILES).
 * in:  work.c:9 in collatz ran 452 times, collatz begins at work.c:5 and was entered 9 times
 *      a branch of that line was taken 423 times, and 29 times not
 * out: SF:work.c / FN:5,collatz / FNDA:9,collatz / FNF:1 / FNH:1 / BRDA:9,0,0,423 / BRDA:9,0,1,29 /
 *      BRF:2 / BRH:2 / DA:5,9 / DA:9,452 / LF:2 / LH:2
 *
 * lcov 2.x refuses, and so is never written: line 0 or one behind the end of the file; a function
 * whose first line has no DA; a function that ran without a line of it that did, or the reverse; a
 * branch of a line without DA, or of one that did not run if the branch did; a line that ran with branches
 * none of which did.  (Optimised code has all of these.)
 */
#include <string.h>

#include "fmt.h"
#include "source.h"

/*
 * lcov 1.16 takes a function's name to end at a comma, so that f(int, char) and f(int, long) would
 * both be "f(int".  A C++ name has no semicolon: one stands for the comma.
 */
enum { COMMA = ';' };

/* What belongs to one file, from an index to behind the last. */
struct part {
	const struct cov *c;
	size_t func, func_end, line, line_end, branch, branch_end;
};

/* The last line of a file that is at hand; else, any may be. */
static uint32_t last_line(const char *path)
{
	struct source s;
	uint32_t n = UINT32_MAX;

	if (source_read(&s, path))
		n = source_lines(&s);
	source_free(&s);
	return n;
}

static void put_function(struct out *o, const char *tag, uint64_t number, const char *name)
{
	out_str(o, tag);
	out_dec(o, number);
	out_char(o, ',');
	fmt_name(o, name, COMMA);
	out_char(o, '\n');
}

static void put_total(struct out *o, const char *tag, size_t n)
{
	out_str(o, tag);
	out_dec(o, n);
	out_char(o, '\n');
}

/* Whether a line before TO ran, of those from index *I on, which moves behind them. */
static bool any_ran(const struct part *p, size_t *i, uint32_t to)
{
	bool any = false;

	for (; *i < p->line_end && p->c->line[*i].line < to; ++*i)
		any = any || p->c->line[*i].count;
	return any;
}

/*
 * The functions of a file that begin in one line, from index I on; returns the index behind them.
 *
 * Optimised code has lines that ran in functions that nobody entered: the compiler moved a piece
 * of one into another, or the trace began in its middle.  That function did run, and is counted
 * once.  To lcov 2.x, the lines of a function are all up to the next function; but a lambda is
 * inside another, so that lines behind it are not its own.
 */
static size_t put_entered(const struct part *p, size_t i, size_t *line, size_t *hit, struct out *o)
{
	const struct cov_func *f = p->c->func;
	uint64_t entered = 0, extra;
	size_t next = i;
	const char *name = cov_name(p->c, f[i].name);

	any_ran(p, line, f[i].line);
	for (; next < p->func_end && f[next].line == f[i].line; next++)
		entered = cov_sum(entered, f[next].count);
	extra = any_ran(p, line, next < p->func_end ? f[next].line : UINT32_MAX) && !entered && !strstr(name, "{lambda(");
	for (; i < next; i++, extra = 0) {
		uint64_t count = cov_shown(p->c, f[i].count + extra);

		put_function(o, "FNDA:", count, cov_name(p->c, f[i].name));
		*hit += count > 0;
	}
	return next;
}

static void put_functions(const struct part *p, struct out *o)
{
	size_t hit = 0, line = p->line;

	for (size_t i = p->func; i < p->func_end; i++)
		put_function(o, "FN:", p->c->func[i].line, cov_name(p->c, p->c->func[i].name));
	for (size_t i = p->func; i < p->func_end;)
		i = put_entered(p, i, &line, &hit, o);
	put_total(o, "FNF:", p->func_end - p->func);
	put_total(o, "FNH:", hit);
}

/*
 * The next line that has code or where a function begins, and its count; *P moves behind it.  The
 * first line of a function ran if the function did, be it in a copy that has no code for that line.
 */
static uint32_t next_line(struct part *p, uint64_t *count)
{
	const struct cov *c = p->c;
	uint32_t func = p->func < p->func_end ? c->func[p->func].line : UINT32_MAX;
	uint32_t line = p->line < p->line_end ? c->line[p->line].line : UINT32_MAX;
	uint32_t next = func < line ? func : line;
	uint64_t entered = 0;

	*count = line == next ? cov_count(c, &p->line) : 0;
	for (; p->func < p->func_end && c->func[p->func].line == next; p->func++)
		entered = cov_sum(entered, c->func[p->func].count);
	if (!*count)
		*count = cov_shown(c, entered);
	return next;
}

static void put_branch(struct out *o, const struct cov_branch *b, uint32_t block, unsigned branch, bool reached,
		       uint64_t count)
{
	out_str(o, "BRDA:");
	out_dec(o, b->line);
	out_char(o, ',');
	out_dec(o, block);
	out_char(o, ',');
	out_dec(o, branch);
	out_char(o, ',');
	if (reached)
		out_dec(o, count);
	else
		out_char(o, '-');
	out_char(o, '\n');
}

/* Whether any of the N branches at B was reached. */
static bool any_reached(const struct cov_branch *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (b[i].taken || b[i].passed)
			return true;
	return false;
}

struct branch_totals {
	size_t found, hit;
};

/*
 * The N branches of a line, which RAN or not.  Each branch instruction is a block of its own, numbered
 * by address: so all tracefiles of one build have the same, and can be added up.  Branch 0 of it is that
 * it was taken, 1 that it was not.
 */
static void put_branches_of(const struct cov *c, const struct cov_branch *b, size_t n, bool ran, struct branch_totals *t,
			    struct out *o)
{
	if (ran && !any_reached(b, n))
		return;
	for (size_t i = 0; i < n; i++) {
		uint64_t taken = cov_shown(c, b[i].taken), passed = cov_shown(c, b[i].passed);
		bool reached = ran && (taken || passed);

		if (!b[i].known)
			continue;
		put_branch(o, &b[i], (uint32_t)i, 0, reached, taken);
		put_branch(o, &b[i], (uint32_t)i, 1, reached, passed);
		t->found += 2;
		t->hit += reached ? (taken > 0) + (passed > 0) : 0;
	}
}

/* The branches of lines that have a DA. */
static void put_branches(struct part p, struct out *o)
{
	const struct cov_branch *b = p.c->branch;
	struct branch_totals t = { 0, 0 };

	while (p.branch < p.branch_end && (p.func < p.func_end || p.line < p.line_end)) {
		uint64_t count;
		uint32_t line = next_line(&p, &count);
		size_t first;

		while (p.branch < p.branch_end && b[p.branch].line < line)
			p.branch++;
		first = p.branch;
		while (p.branch < p.branch_end && b[p.branch].line == line)
			p.branch++;
		put_branches_of(p.c, b + first, p.branch - first, count > 0, &t, o);
	}
	if (t.found) {
		put_total(o, "BRF:", t.found);
		put_total(o, "BRH:", t.hit);
	}
}

static void put_lines(struct part p, struct out *o)
{
	size_t found = 0, hit = 0;

	while (p.func < p.func_end || p.line < p.line_end) {
		uint64_t count;

		out_str(o, "DA:");
		out_dec(o, next_line(&p, &count));
		out_char(o, ',');
		out_dec(o, count);
		out_char(o, '\n');
		found++;
		hit += count > 0;
	}
	put_total(o, "LF:", found);
	put_total(o, "LH:", hit);
}

/* The index, from I on, behind the functions that begin in FILE up to its line LAST. */
static size_t funcs_to(const struct cov *c, size_t i, size_t file, uint32_t last)
{
	while (i < c->n_func && c->func[i].file == file && c->func[i].line <= last)
		i++;
	return i;
}

static size_t lines_to(const struct cov *c, size_t i, size_t file, uint32_t last)
{
	while (i < c->n_line && c->line[i].file == file && c->line[i].line <= last)
		i++;
	return i;
}

static size_t branches_to(const struct cov *c, size_t i, size_t file, uint32_t last)
{
	while (i < c->n_branch && c->branch[i].file == file && c->branch[i].line <= last)
		i++;
	return i;
}

static void put_file(const struct part *p, const char *path, struct out *o)
{
	out_str(o, "SF:");
	fmt_name(o, path, ',');
	out_char(o, '\n');
	put_functions(p, o);
	put_branches(*p, o);
	put_lines(*p, o);
	out_str(o, "end_of_record\n");
}

static void report(const struct cov *c, struct out *o)
{
	struct part p = { .c = c };

	out_str(o, "TN:\n");
	for (size_t file = 0; file < c->n_file; file++) {
		uint32_t last = last_line(c->file[file]);

		p.func_end = funcs_to(c, p.func, file, last);
		p.line_end = lines_to(c, p.line, file, last);
		p.branch_end = branches_to(c, p.branch, file, last);
		if (p.func < p.func_end || p.line < p.line_end)
			put_file(&p, c->file[file], o);
		p.func = funcs_to(c, p.func_end, file, UINT32_MAX);
		p.line = lines_to(c, p.line_end, file, UINT32_MAX);
		p.branch = branches_to(c, p.branch_end, file, UINT32_MAX);
	}
}

const struct fmt fmt_lcov = {
	.name = "lcov", .what = "tracefile for genhtml and lcov", .report = report,
};
