/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Callgrind's profile, which callgrind_annotate and KCachegrind read (Valgrind's manual, "Callgrind Format
 * Specification"): costs by object, function and line, and calls with what they took, where the trace has them.
 * in:  work.c:9 in collatz of fw.elf ran 452 times in 9800 ns; main called collatz in work.c:31
 * out: ob=fw.elf / fl=work.c / fn=collatz / 9 9800 0 452
 *      fn=main / cob=fw.elf / cfi=work.c / cfn=collatz / calls=30 5 / 31 10170 3390
 */
#include <string.h>

#include "costs.h"
#include "grind.h"

/* No file and no object, known or not: nothing was said yet. */
#define NOTHING (UINT32_MAX - 1)

/* What is written, and what of it stands above. */
struct sheet {
	const struct coverage *c;
	struct out *o;
	bool times, instructions;	/* costs are times; which are instructions */
	uint32_t func, file, object;
};

static void put_file(const struct sheet *s, const char *tag, uint32_t file)
{
	grind_put_name(s->o, tag, file == NO_FILE ? GRIND_UNKNOWN : s->c->file[file]);
}

/* The tags of what costs are of, and of what is called. */
static const char *const of[] = { "ob=", "fl=", "fn=" }, *const called[] = { "cob=", "cfi=", "cfn=" };

/* All the code of an object that has no name is one function. */
static void put_unnamed(struct out *o, const char *tag, const char *object)
{
	out_str(o, tag);
	grind_put_name(o, "(unexplained) ", object);
}

/* A function without a name has its address for one, as Callgrind has it. */
static void put_function(const struct sheet *s, const char *tag, const struct function *f)
{
	const char *name = coverage_name(s->c, f->name), *object = objects_name(s->c->objects, f->object);

	if (strcmp(name, "-"))
		grind_put_name(s->o, tag, name);
	else if (f->called && f->addr)
		out_printf(s->o, "%s0x%llx\n", tag, (unsigned long long)f->addr);
	else if (f->called && strcmp(object, "-"))
		put_unnamed(s->o, tag, object);
	else
		grind_put_name(s->o, tag, GRIND_UNKNOWN);
}

/* Object and file are said where they are others than above. */
static void put_place(const struct sheet *s, const char *const tags[3], const struct function *f)
{
	if (f->object != s->object)
		grind_put_name(s->o, tags[0], grind_object(s->c, f->object));
	if (f->file != s->file)
		put_file(s, tags[1], f->file);
	put_function(s, tags[2], f);
}

/* Says which function, and which file in it, what follows is of. */
static void put_position(struct sheet *s, const struct cost *cost)
{
	const struct function *f = &s->c->functions->f[cost->func];

	if (cost->func != s->func) {
		put_place(s, of, f);
		s->func = cost->func;
		s->object = f->object;
		s->file = f->file;
	}
	if (cost->file != s->file)
		put_file(s, "fi=", cost->file);
	s->file = cost->file;
}

/* A call has no count of its line: what is not said is 0. */
static void put_numbers(const struct sheet *s, const struct cost *cost)
{
	if (s->times) {
		out_dec(s->o, cost->ns);
		out_char(s->o, ' ');
	}
	out_dec(s->o, cost->blocks);
	if (cost->to == NO_FUNCTION) {
		out_char(s->o, ' ');
		out_dec(s->o, cost->count);
	}
	out_char(s->o, '\n');
}

static void put_cost(struct sheet *s, const struct cost *cost)
{
	put_position(s, cost);
	if (cost->to != NO_FUNCTION) {
		put_place(s, called, &s->c->functions->f[cost->to]);
		out_str(s->o, "calls=");
		out_dec(s->o, cost->calls);
		out_char(s->o, ' ');
		out_dec(s->o, s->c->functions->f[cost->to].line);
		out_char(s->o, '\n');
	}
	out_dec(s->o, cost->line);
	out_char(s->o, ' ');
	put_numbers(s, cost);
}

static void put_head(const struct sheet *s, const struct cost *all)
{
	if (s->times)
		out_str(s->o, s->instructions ? "desc: Ir: instructions executed\n" : "desc: ns: virtual time spent\n");
	out_str(s->o, "desc: Blocks: blocks entered, all of a function in its first line\n"
		      "desc: Count: times a source line ran, calls not included\n");
	if (s->c->incomplete)
		out_str(s->o, GRIND_INCOMPLETE);
	out_str(s->o, GRIND_CMD "event: ns : Virtual Time (ns)\nevent: Blocks : Blocks Entered\n"
		      "event: Count : Line Executions (Self)\nevents: ");
	if (s->times)
		out_str(s->o, s->instructions ? "Ir " : "ns ");
	out_str(s->o, "Blocks Count\nsummary: ");
	put_numbers(s, all);
	out_char(s->o, '\n');
}

static void put_calls(const struct coverage *c, struct out *o)
{
	struct sheet s = { .c = c, .o = o, .func = NO_FUNCTION, .file = NOTHING, .object = NOTHING };
	struct costs x;

	costs_collect(&x, c);
	s.times = x.all.ns > 0;
	s.instructions = times_are_instructions(&c->profile->times);
	put_head(&s, &x.all);
	for (size_t i = 0; i < x.n; i++)
		put_cost(&s, &x.cost[i]);
	out_str(o, "totals: ");
	put_numbers(&s, &x.all);
	costs_free(&x);
}

static bool report(const struct coverage *c, struct out *o)
{
	out_str(o, "# callgrind format\nversion: 1\ncreator: etrace-fmt\npositions: line\n");
	if (!c->calls->n_arc)
		return grind_report(c, true, o);
	put_calls(c, o);
	return true;
}

const struct fmt fmt_callgrind = {
	.name = "callgrind", .what = "the same with ELF files and calls, for callgrind_annotate and KCachegrind",
	.report = report, .profile = true, .calls = true,
};
