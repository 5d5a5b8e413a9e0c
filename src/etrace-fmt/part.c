/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goes through coverage file by file, line by line.
 * in:  work.c:9 in collatz ran 452 times, collatz begins at work.c:5 and was entered 9 times; work.c has 61 lines
 * out: work.c: line 5, 9 times; line 9, 452 times
 */
#include "part.h"

#include <string.h>

#include "count.h"
#include "die.h"
#include "source.h"

bool part_any_ran(const struct part *p, size_t *i, uint32_t to)
{
	bool any = false;

	for (; *i < p->line_end && p->c->line[*i].line < to; ++*i)
		any = any || p->c->line[*i].count;
	return any;
}

size_t part_same_line(const struct part *p, size_t i, uint64_t *entered)
{
	const struct coverage_func *f = p->c->func;
	uint32_t line = f[i].line;

	*entered = 0;
	for (; i < p->func_end && f[i].line == line; i++)
		count_add(entered, f[i].count);
	return i;
}

uint32_t part_line(struct part *p, uint64_t *count)
{
	const struct coverage *c = p->c;
	uint32_t func = p->func < p->func_end ? c->func[p->func].line : UINT32_MAX;
	uint32_t line = p->line < p->line_end ? c->line[p->line].line : UINT32_MAX;
	uint32_t next = func < line ? func : line;
	uint64_t entered = 0;

	*count = line == next ? coverage_count(c, &p->line) : 0;
	if (func == next)
		p->func = part_same_line(p, p->func, &entered);
	if (!*count)
		*count = coverage_shown(c, entered);
	return next;
}

/* The last line of a file that is at hand, or one from NEEDED on; else, any may be.  P->bad: as part.h has it. */
static uint32_t last_line(struct part *p, uint32_t needed)
{
	struct source s;
	uint32_t n;
	int error;

	if (!source_open(&s, p->path))
		return UINT32_MAX;
	n = source_lines(&s, needed);
	error = source_close(&s);
	if (!error)
		return n;
	warn("%s: %s; its length is not known, so lines past its end are kept", p->path, strerror(error));
	p->bad = true;
	return UINT32_MAX;
}

/* The last line that anything is known of in a file, which is all of P. */
static uint32_t highest_line(const struct part *p)
{
	const struct coverage *c = p->c;
	uint32_t func = p->func < p->func_end ? c->func[p->func_end - 1].line : 0;
	uint32_t line = p->line < p->line_end ? c->line[p->line_end - 1].line : 0;
	uint32_t branch = p->branch < p->branch_end ? c->branch[p->branch_end - 1].line : 0;

	func = func > line ? func : line;
	return func > branch ? func : branch;
}

/* The index, from I on, after the functions that begin in FILE up to its line LAST. */
static size_t funcs_to(const struct coverage *c, size_t i, size_t file, uint32_t last)
{
	while (i < c->n_func && c->func[i].file == file && c->func[i].line <= last)
		i++;
	return i;
}

static size_t lines_to(const struct coverage *c, size_t i, size_t file, uint32_t last)
{
	while (i < c->n_line && c->line[i].file == file && c->line[i].line <= last)
		i++;
	return i;
}

static size_t branches_to(const struct coverage *c, size_t i, size_t file, uint32_t last)
{
	while (i < c->n_branch && c->branch[i].file == file && c->branch[i].line <= last)
		i++;
	return i;
}

/* Ends P where FILE ends, or after its line LAST. */
static void end_part(struct part *p, size_t file, uint32_t last)
{
	p->func_end = funcs_to(p->c, p->func, file, last);
	p->line_end = lines_to(p->c, p->line, file, last);
	p->branch_end = branches_to(p->c, p->branch, file, last);
}

struct part part_before(const struct coverage *c)
{
	return (struct part){ .c = c };
}

bool part_next(struct part *p)
{
	while (p->next.file < p->c->n_file) {
		size_t file = p->next.file;

		p->path = p->c->file[file];
		p->func = p->next.func;
		p->line = p->next.line;
		p->branch = p->next.branch;
		end_part(p, file, UINT32_MAX);
		p->next.file = file + 1;
		p->next.func = p->func_end;
		p->next.line = p->line_end;
		p->next.branch = p->branch_end;
		end_part(p, file, last_line(p, highest_line(p)));
		if (p->func < p->func_end || p->line < p->line_end)
			return true;
	}
	return false;
}
