/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cachegrind's profile, which cg_annotate, callgrind_annotate and KCachegrind read (Valgrind's
 * manual, Cachegrind, "Cachegrind Output File Format"): desc, cmd and events lines in this order,
 * then costs by file and function, then their sum.
 * in:  work.c:9 in collatz ran 452 times in 9800 ns; memcpy, without lines, was entered twice, and took 60
 * out: fl=work.c / fn=collatz / 9 452 9800 / fl=prog / fn=memcpy / 0 2 60 / summary: 454 9860
 */
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "fmt.h"

/* Valgrind's own name for a file or function without one. */
static const char UNKNOWN[] = "???";

static int cmp(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_func(const void *a, const void *b)
{
	const struct cov_line *const *x = a, *const *y = b;
	int d = cmp((*x)->file, (*y)->file);

	d = d ? d : cmp((*x)->func, (*y)->func);
	return d ? d : cmp((*x)->line, (*y)->line);
}

/* The lines that cost anything, by file, function and line; to be freed. */
static const struct cov_line **costly(const struct cov *c, size_t *n)
{
	const struct cov_line **l = must_calloc(c->n_line, sizeof *l);

	*n = 0;
	for (size_t i = 0; i < c->n_line; i++)
		if (c->line[i].count || c->line[i].ns)
			l[(*n)++] = &c->line[i];
	qsort(l, *n, sizeof *l, by_func);
	return l;
}

/* What is written, and where it is. */
struct sheet {
	struct out *o;
	bool ir;			/* times are instructions */
	const char *file, *func;	/* of the cost before, or NULL */
	uint64_t count, ns;		/* of all */
};

static void put_name(struct out *o, const char *tag, const char *name)
{
	out_str(o, tag);
	fmt_name(o, name, ',');
	out_char(o, '\n');
}

/* Instructions come first, as in Cachegrind: tools sort by the first event, and leave out what has little of it. */
static void put_costs(const struct sheet *s, uint64_t count, uint64_t ns)
{
	out_dec(s->o, s->ir ? ns : count);
	out_char(s->o, ' ');
	out_dec(s->o, s->ir ? count : ns);
	out_char(s->o, '\n');
}

/* FILE and FUNC are the same texts for the same file and function. */
static void put_line(struct sheet *s, const char *file, const char *func, uint32_t line, uint64_t count, uint64_t ns)
{
	if (s->file != file)
		put_name(s->o, "fl=", file);
	if (s->file != file || s->func != func)
		put_name(s->o, "fn=", strcmp(func, "-") ? func : UNKNOWN);
	s->file = file;
	s->func = func;
	out_dec(s->o, line);
	out_char(s->o, ' ');
	put_costs(s, count, ns);
	count_add(&s->count, count);
	count_add(&s->ns, ns);
}

/* The cost of L[0] and of what follows it and is of the same line; returns how many there are. */
static size_t add_up(const struct cov_line **l, size_t n, uint64_t *count, uint64_t *ns)
{
	size_t i;

	*count = *ns = 0;
	for (i = 0; i < n && !by_func(&l[0], &l[i]); i++) {
		count_add(count, l[i]->count);
		count_add(ns, l[i]->ns);
	}
	return i;
}

static void put_lines(const struct cov *c, struct sheet *s)
{
	size_t n;
	const struct cov_line **l = costly(c, &n);
	uint64_t count, ns;

	for (size_t i = 0; i < n;) {
		const struct cov_line *first = l[i];

		i += add_up(l + i, n - i, &count, &ns);
		put_line(s, c->file[first->file], cov_name(c, first->func), first->line, cov_shown(c, count), ns);
	}
	free(l);
}

/* Functions without lines, in the file of their ELF object, and unexplained blocks. */
static void put_rest(const struct cov *c, struct sheet *s)
{
	const struct profile *p = c->profile;
	const char *object = intern_count(p->objects) == 1 ? p->object : UNKNOWN;

	for (size_t i = 0; i < p->n_func;) {
		uint32_t name = p->func[i].name;
		uint64_t count = 0, ns = 0;

		for (; i < p->n_func && p->func[i].name == name; i++) {
			count_add(&count, p->func[i].count);
			count_add(&ns, p->func[i].ns);
		}
		if (count || ns)
			put_line(s, object, cov_name(c, name), 0, cov_shown(c, count), ns);
	}
	if (p->u_count || p->u_ns)
		put_line(s, UNKNOWN, "(unexplained)", 0, cov_shown(c, p->u_count), p->u_ns);
}

/* Whether times are instructions, all of them. */
static bool is_ir(const struct profile *p)
{
	if (p->instructions && p->others)
		warn("the times of some runs are instructions, those of others are not: the event is called ns; "
		     "merge runs of one kind");
	return p->instructions && !p->others;
}

static bool report(const struct cov *c, struct out *o)
{
	struct sheet s = { .o = o, .ir = is_ir(c->profile) };
	const char *time = s.ir ? "Ir: instructions executed in it\n" : "ns: virtual time spent in it\n";

	out_str(o, c->seen_only ? "desc: Seen: 1 for a source line that was seen, how often is not known; "
				: "desc: Count: times a source line ran; ");
	out_str(o, time);
	if (c->incomplete)
		out_str(o, "desc: Incomplete: some of what ran is not counted\n");
	if (c->profile->n_func)
		out_str(o, "desc: Line 0: a function without lines, and how often it was entered\n");
	out_str(o, "cmd: (a guest traced in QEMU)\n");
	out_str(o, s.ir ? "events: Ir " : "events: ");
	out_str(o, c->seen_only ? "Seen" : "Count");
	out_str(o, s.ir ? "\n" : " ns\n");
	put_lines(c, &s);
	put_rest(c, &s);
	out_str(o, "summary: ");
	put_costs(&s, s.count, s.ns);
	return true;
}

const struct fmt fmt_cachegrind = {
	.name = "cachegrind", .what = "profile for cg_annotate, callgrind_annotate and KCachegrind", .report = report,
	.profile = true,
};
