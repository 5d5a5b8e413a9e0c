/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lcov's tracefile (geninfo(1), FILES).
 * in:  work.c:9 in collatz ran 452 times, collatz begins at work.c:5 and was entered 9 times
 *      a branch of that line was taken 423 times, and 29 times not
 * out: SF:work.c / what the dialect says of collatz / BRDA:9,0,0,423 / BRDA:9,0,1,29 / BRF:2 / BRH:2 /
 *      DA:5,9 / DA:9,452 / LF:2 / LH:2
 *
 * lcov 2.x refuses, and so is never written: line 0 or one past the end of the file; a function
 * whose first line has no DA; a function that ran without a line of it that did, or the reverse; a
 * branch of a line without DA, or of one that did not run if the branch did; a line that ran with branches
 * none of which did.  (Optimised code has all of these.)
 */
#include "lcov.h"

#include <string.h>

void lcov_total(struct out *o, const char *tag, size_t n)
{
	out_str(o, tag);
	out_dec(o, n);
	out_char(o, '\n');
}

bool lcov_is_lambda(const char *name)
{
	return strstr(name, "{lambda(");
}

static void put_branch(struct out *o, const struct coverage_branch *b, uint32_t block, unsigned branch, bool reached,
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
static bool any_reached(const struct coverage_branch *b, size_t n)
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
static void put_branches_of(const struct coverage *c, const struct coverage_branch *b, size_t n, bool ran,
			    struct branch_totals *t, struct out *o)
{
	if (ran && !any_reached(b, n))
		return;
	for (size_t i = 0; i < n; i++) {
		uint64_t taken = coverage_shown(c, b[i].taken), passed = coverage_shown(c, b[i].passed);
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
	const struct coverage_branch *b = p.c->branch;
	struct branch_totals t = { 0, 0 };

	while (p.branch < p.branch_end && (p.func < p.func_end || p.line < p.line_end)) {
		uint64_t count;
		uint32_t line = part_line(&p, &count);
		size_t first;

		while (p.branch < p.branch_end && b[p.branch].line < line)
			p.branch++;
		first = p.branch;
		while (p.branch < p.branch_end && b[p.branch].line == line)
			p.branch++;
		put_branches_of(p.c, b + first, p.branch - first, count > 0, &t, o);
	}
	if (t.found) {
		lcov_total(o, "BRF:", t.found);
		lcov_total(o, "BRH:", t.hit);
	}
}

static void put_lines(struct part p, struct out *o)
{
	size_t found = 0, hit = 0;

	while (p.func < p.func_end || p.line < p.line_end) {
		uint64_t count;

		out_str(o, "DA:");
		out_dec(o, part_line(&p, &count));
		out_char(o, ',');
		out_dec(o, count);
		out_char(o, '\n');
		found++;
		hit += count > 0;
	}
	lcov_total(o, "LF:", found);
	lcov_total(o, "LH:", hit);
}

bool lcov_report(const struct coverage *c, void (*functions)(const struct part *p, void *arg, struct out *o), void *arg,
		 struct out *o)
{
	struct part p = part_before(c);

	/* A test's name is what lcov keeps of where counts are from, when it adds them up. */
	if (c->seen_only)
		out_str(o, "# Counts: 1 for what was seen, 0 for what was not; how often is not known\n");
	if (c->incomplete)
		out_str(o, "# Incomplete: some of what ran is not counted\n");
	out_str(o, "TN:");
	out_str(o, !c->seen_only ? "" : c->incomplete ? "seen_" : "seen");
	out_str(o, c->incomplete ? "incomplete\n" : "\n");
	while (part_next(&p)) {
		out_str(o, "SF:");
		fmt_name(o, p.path, ',');
		out_char(o, '\n');
		functions(&p, arg, o);
		put_branches(p, o);
		put_lines(p, o);
		out_str(o, "end_of_record\n");
	}
	return !p.bad;
}
