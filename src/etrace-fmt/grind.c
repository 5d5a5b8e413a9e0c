/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profile that Cachegrind and Callgrind write (Valgrind's manual, Cachegrind, "Cachegrind Output File Format",
 * and "Callgrind Format Specification"): desc, cmd and events lines in this order, then costs by file and function,
 * then their sum.
 * in:  work.c:9 in collatz ran 452 times in 9800 ns; memcpy, without lines, was entered twice, and took 60
 * out: fl=work.c / fn=collatz / 9 452 9800 / fl=prog / fn=memcpy / 0 2 60 / summary: 454 9860
 */
#include "grind.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"

static int cmp(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_func(const void *a, const void *b)
{
	const struct coverage_line *const *x = a, *const *y = b;
	int d = cmp((*x)->file, (*y)->file);

	d = d ? d : cmp((*x)->func, (*y)->func);
	return d ? d : cmp((*x)->line, (*y)->line);
}

static int by_object(const void *a, const void *b)
{
	const struct coverage_line *const *x = a, *const *y = b;
	int d = cmp((*x)->object, (*y)->object);

	return d ? d : by_func(a, b);
}

/* What is written, and where it is. */
struct sheet {
	struct out *o;
	bool objects;			/* lines say in which object they are */
	bool ir;			/* times are instructions */
	const char *object, *file, *func;	/* of the cost before, or NULL */
	uint64_t count, ns;		/* of all */
};

/* In what order lines are: those that are equal become one. */
static int (*order(const struct sheet *s))(const void *, const void *)
{
	return s->objects ? by_object : by_func;
}

/* The lines that cost anything, in order; to be freed. */
static const struct coverage_line **costly(const struct coverage *c, const struct sheet *s, size_t *n)
{
	const struct coverage_line **l = must_calloc(c->n_line, sizeof *l);

	*n = 0;
	for (size_t i = 0; i < c->n_line; i++)
		if (c->line[i].count || c->line[i].ns)
			l[(*n)++] = &c->line[i];
	qsort(l, *n, sizeof *l, order(s));
	return l;
}

void grind_put_name(struct out *o, const char *tag, const char *name)
{
	out_str(o, tag);
	fmt_name(o, name, ',');
	out_char(o, '\n');
}

/* Instructions come first, as in Cachegrind: tools sort by the first event, and leave out what has little of it. */
static void put_numbers(const struct sheet *s, uint64_t count, uint64_t ns)
{
	out_dec(s->o, s->ir ? ns : count);
	out_char(s->o, ' ');
	out_dec(s->o, s->ir ? count : ns);
	out_char(s->o, '\n');
}

/* OBJECT (NULL where objects are not said), FILE and FUNC are the same texts for the same things. */
static void put_place(struct sheet *s, const char *object, const char *file, const char *func)
{
	bool other = s->object != object;

	if (other)
		grind_put_name(s->o, "ob=", object);
	other |= s->file != file;
	if (other)
		grind_put_name(s->o, "fl=", file);
	if (other || s->func != func)
		grind_put_name(s->o, "fn=", strcmp(func, "-") ? func : GRIND_UNKNOWN);
	s->object = object;
	s->file = file;
	s->func = func;
}

static void put_cost(struct sheet *s, uint32_t line, uint64_t count, uint64_t ns)
{
	out_dec(s->o, line);
	out_char(s->o, ' ');
	put_numbers(s, count, ns);
	count_add(&s->count, count);
	count_add(&s->ns, ns);
}

const char *grind_object(const struct coverage *c, uint32_t object)
{
	const char *path = objects_path(c->objects, object);

	return strcmp(path, "-") ? path : GRIND_UNKNOWN;
}

/* The cost of L[0] and of what follows it and is the same line; returns how many there are. */
static size_t add_up(const struct sheet *s, const struct coverage_line **l, size_t n, uint64_t *count, uint64_t *ns)
{
	size_t i;

	*count = *ns = 0;
	for (i = 0; i < n && !order(s)(&l[0], &l[i]); i++) {
		count_add(count, l[i]->count);
		count_add(ns, l[i]->ns);
	}
	return i;
}

static void put_lines(const struct coverage *c, struct sheet *s)
{
	size_t n;
	const struct coverage_line **l = costly(c, s, &n);
	uint64_t count, ns;

	for (size_t i = 0; i < n;) {
		const struct coverage_line *first = l[i];

		i += add_up(s, l + i, n - i, &count, &ns);
		put_place(s, s->objects ? grind_object(c, first->object) : NULL, c->file[first->file],
			  coverage_name(c, first->func));
		put_cost(s, first->line, coverage_shown(c, count), ns);
	}
	free(l);
}

/* The cost of F[0] and of what follows it and is of its name in its object; returns how many there are. */
static size_t add_up_funcs(const struct profile_func *f, size_t n, uint64_t *count, uint64_t *ns)
{
	size_t i;

	*count = *ns = 0;
	for (i = 0; i < n && f[i].object == f->object && f[i].name == f->name; i++) {
		count_add(count, f[i].count);
		count_add(ns, f[i].ns);
	}
	return i;
}

/* A function without lines: its file is its object, unless that is said as such. */
static void put_func(const struct coverage *c, struct sheet *s, uint32_t object, uint32_t name)
{
	const char *path = grind_object(c, object);

	put_place(s, s->objects ? path : NULL, s->objects ? GRIND_UNKNOWN : path, coverage_name(c, name));
}

static void put_funcs(const struct coverage *c, struct sheet *s)
{
	const struct profile *p = c->profile;
	uint64_t count, ns;

	for (size_t i = 0; i < p->n_func;) {
		const struct profile_func *f = &p->func[i];

		i += add_up_funcs(f, p->n_func - i, &count, &ns);
		if (!count && !ns)
			continue;
		put_func(c, s, f->object, f->name);
		put_cost(s, 0, coverage_shown(c, count), ns);
	}
}

/* A range of a file is a function of it, as those without lines are. */
static void put_unexplained(const struct coverage *c, struct sheet *s)
{
	for (size_t i = 0; i < c->n_range; i++) {
		const struct coverage_range *r = &c->range[i];

		if (!r->count && !r->ns)
			continue;
		put_func(c, s, r->object, r->name);
		put_cost(s, 0, coverage_shown(c, r->count), r->ns);
	}
}

bool grind_report(const struct coverage *c, bool objects, struct out *o)
{
	struct sheet s = { .o = o, .objects = objects, .ir = times_are_instructions(&c->profile->times) };
	const char *time = s.ir ? "Ir: instructions executed in it\n" : "ns: virtual time spent in it\n";

	out_str(o, c->seen_only ? "desc: Seen: 1 for a source line that was seen, how often is not known; "
				: "desc: Count: times a source line ran; ");
	out_str(o, time);
	if (c->incomplete)
		out_str(o, GRIND_INCOMPLETE);
	if (c->profile->n_func)
		out_str(o, "desc: Line 0: a function without lines, and how often it was entered\n");
	if (c->n_range)
		out_str(o, "desc: Addresses: unexplained code, and how often blocks of it ran\n");
	out_str(o, GRIND_CMD);
	out_str(o, s.ir ? "events: Ir " : "events: ");
	out_str(o, c->seen_only ? "Seen" : "Count");
	out_str(o, s.ir ? "\n" : " ns\n");
	put_lines(c, &s);
	put_funcs(c, &s);
	put_unexplained(c, &s);
	out_str(o, "summary: ");
	put_numbers(&s, s.count, s.ns);
	return true;
}
