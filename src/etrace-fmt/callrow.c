/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the columns of the pages of calls.
 * in:  20 of 36, 1415 calls, work
 * out:  55.6 %         1415  work
 */
#include "callrow.h"

#include <string.h>

#include "search.h"

void callrow_share(struct out *o, uint64_t part, uint64_t whole)
{
	out_printf(o, "%5.1f %%", whole ? 100 * (double)part / (double)whole : 0);
}

void callrow_calls(struct out *o, const struct stacks_calls *calls)
{
	char text[NUM_MAX] = "-", *end = calls ? num_dec(text, calls->count) : text + 1;

	fmt_right(o, text, (size_t)(end - text), 13);
}

void callrow_name(struct out *o, const char *name, size_t width, const char *note)
{
	size_t n = strlen(name);

	width -= strlen(note);
	if (n > width) {
		n = width - 3;
		while (n && (name[n] & 0xc0) == 0x80)
			n--;	/* not in the middle of a character of UTF-8 */
		out_mem(o, name, n);
		out_str(o, "...");
	} else {
		out_mem(o, name, n);
	}
	out_str(o, note);
	out_char(o, '\n');
}

bool callrow_is_small(const struct fmt_view *view, uint64_t part, uint64_t whole)
{
	return 100 * (long double)part < view->least * (long double)whole;
}

const struct stacks_calls *callrow_from(const struct stacks *x, uint32_t from, size_t *n)
{
	size_t i, end;

	SEARCH(i, x->n_calls, x->calls[i].from < from);
	SEARCH_FROM(end, i, x->n_calls, x->calls[end].from <= from);
	*n = end - i;
	return *n ? &x->calls[i] : NULL;
}

const struct stacks_calls *callrow_between(const struct stacks *x, uint32_t from, uint32_t to)
{
	size_t n, i;
	const struct stacks_calls *c = callrow_from(x, from, &n);

	SEARCH(i, n, c[i].to < to);
	return i < n && c[i].to == to ? &c[i] : NULL;
}

void callrow_head(struct out *o, const struct stacks *x)
{
	if (stacks_timed(x)) {
		out_dec(o, x->all.ns);
		out_str(o, times_are_instructions(&x->times) ? " instructions, " : " ns, ");
	}
	out_dec(o, x->all.blocks);
	out_str(o, " blocks of code\n");
	if (x->incomplete)
		out_str(o, "incomplete: some of what ran is not in it\n");
	if (x->repaired)
		out_printf(o, "guessed or repaired: %llu stacks; CALLS in etrace(7) says why\n",
			   (unsigned long long)x->repaired);
}
