/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table: how many lines each file has, and how many of them ran.  lcov's LF and LH are the same numbers.  Then
 * another one, of code that is in no line.
 * in:  work.c, where 9 of 12 lines ran; U<TAB>400000<TAB>400040<TAB>[user space]<TAB>31<TAB>90
 * out:    lines      hit            file
 *            12        9   75.0 %  work.c
 *           executions            unexplained
 *                   31            [user space] 400000-400040
 *     lines: 75.0 % (9 of 12)
 */
#include <string.h>

#include "fmt.h"
#include "part.h"

static void put_number(struct out *o, size_t n, size_t width)
{
	char text[NUM_MAX];

	fmt_right(o, text, (size_t)(num_dec(text, n) - text), width);
}

static double percent(size_t hit, size_t lines)
{
	return lines ? 100 * (double)hit / (double)lines : 0;
}

static void put_unexplained(const struct coverage *c, struct out *o)
{
	if (c->n_range)
		out_str(o, c->seen_only ? "             seen            unexplained\n"
					: "       executions            unexplained\n");
	for (size_t i = 0; i < c->n_range; i++) {
		const struct coverage_range *r = &c->range[i];
		const char *path = objects_path(c->objects, r->object);

		put_number(o, coverage_shown(c, r->count), 17);
		out_str(o, "            ");
		if (strcmp(path, "-")) {
			fmt_name(o, path, ',');
			out_char(o, ' ');
		}
		fmt_name(o, coverage_name(c, r->name), ',');
		out_char(o, '\n');
	}
}

static bool report(const struct coverage *c, struct out *o)
{
	struct part p = part_before(c);
	size_t all = 0, all_hit = 0;

	out_str(o, "   lines      hit            file\n");
	while (part_next(&p)) {
		size_t lines = 0, hit = 0;

		while (p.func < p.func_end || p.line < p.line_end) {
			uint64_t count;

			part_line(&p, &count);
			lines++;
			hit += count > 0;
		}
		put_number(o, lines, 8);
		put_number(o, hit, 9);
		out_printf(o, " %6.1f %%  ", percent(hit, lines));
		fmt_name(o, p.path, ',');
		out_char(o, '\n');
		all += lines;
		all_hit += hit;
	}
	put_unexplained(c, o);
	out_printf(o, "lines: %.1f %% (%zu of %zu)%s\n", percent(all_hit, all), all_hit, all,
		   c->incomplete ? ", incomplete: some of what ran is not counted" : "");
	return !p.bad;
}

const struct fmt fmt_summary = {
	.name = "summary", .what = "a table: lines of each file, and how many ran", .report = report,
};
