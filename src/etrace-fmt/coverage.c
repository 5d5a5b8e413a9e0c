/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects coverage.
 * in:  L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4<TAB>452<TAB>9800
 * out: { file 0, line 9, func 0, object 0, count 452, ns 9800 }
 */
#include "coverage.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "fact.h"
#include "unexplained.h"

/* What tells branches apart: all of an R record but its numbers. */
struct branch_key {
	uint64_t addr, len, target, returns;
	uint32_t file, line, func, object;
};

void coverage_init(struct coverage *c, struct paths *paths)
{
	*c = (struct coverage){ .names = intern_new(), .objects = objects_new(), .func_keys = intern_new(),
				.branch_keys = intern_new(), .range_keys = intern_new(), .paths = paths };
}

void coverage_free(struct coverage *c)
{
	intern_free(c->names);
	objects_free(c->objects);
	intern_free(c->func_keys);
	intern_free(c->branch_keys);
	intern_free(c->range_keys);
	free(c->line);
	free(c->func);
	free(c->branch);
	free(c->range);
	free(c->file);
	profile_free(c->profile);
	calls_free(c->calls);
	functions_free(c->functions);
}

/* The file in FILE, unless it is not known or LINE of it is left out. */
static bool find_place(struct coverage *c, struct field file, uint32_t line, uint32_t *id)
{
	const struct path *x;

	if (!line || field_is(file, "-"))
		return false;
	x = paths_look(c->paths, file.s, file.n);
	*id = x->id;
	return !path_excluded(c->paths, x, line);
}

/* The number of a function's name; the line before often has the same. */
static uint32_t func_name(struct coverage *c, struct field f)
{
	size_t len;
	const char *s = c->n_line ? intern_text(c->names, c->line[c->n_line - 1].func, &len) : NULL;
	bool fresh;

	if (s && len == f.n && !memcmp(s, f.s, len))
		return c->line[c->n_line - 1].func;
	return intern_put(c->names, f.s, f.n, &fresh);
}

static bool add_func(struct coverage *c, const char *rec, size_t len)
{
	struct record_f r;
	struct coverage_func x;
	uint32_t key[2], i;
	bool placed, fresh;

	if (!record_read_f(rec, len, &r))
		return false;
	if (c->profile && field_is(r.file, "-"))
		profile_add_func(c->profile, (struct profile_func){ objects_number(c->objects, r.in),
				 func_name(c, r.name), r.addr, r.size, r.count, r.ns });
	placed = find_place(c, r.file, r.line, &x.file);
	if (c->functions && (r.count || r.ns))
		functions_add(c->functions, (struct function){ .object = objects_number(c->objects, r.in),
			      .name = func_name(c, r.name), .file = placed ? x.file : NO_FILE, .line = placed ? r.line : 0,
			      .addr = r.addr, .size = r.size });
	if (!placed)
		return true;
	x = (struct coverage_func){ x.file, r.line, func_name(c, r.name), r.count };
	key[0] = x.file;
	key[1] = x.name;
	i = intern_put(c->func_keys, (char *)key, sizeof key, &fresh);
	if (fresh) {
		GROW(c->func, c->n_func, c->cap_func);
		c->func[c->n_func++] = x;
		return true;
	}
	count_add(&c->func[i].count, x.count);
	if (x.line < c->func[i].line)
		c->func[i].line = x.line;
	return true;
}

/* Its first statement says where the line is, for the profile; the others are of no use here. */
static bool profile_line(struct coverage *c, const struct record_l *r, struct coverage_line *x, bool placed)
{
	struct field addrs = r->addrs;
	struct statement first;

	if (!record_statement(&addrs, r->count, &first))
		return false;
	x->object = objects_number(c->objects, r->in);
	profile_add_line(c->profile, (struct profile_line){ x->object, x->func, placed ? x->file : NO_FILE, x->line,
			 first.addr, r->count, r->ns });
	return true;
}

static bool add_line(struct coverage *c, const char *rec, size_t len)
{
	struct record_l r;
	struct coverage_line x;
	bool placed;

	if (!record_read_l(rec, len, &r))
		return false;
	x = (struct coverage_line){ .line = r.line, .func = func_name(c, r.func), .count = r.count, .ns = r.ns };
	placed = find_place(c, r.file, r.line, &x.file);
	if (c->profile && !profile_line(c, &r, &x, placed))
		return false;
	if (!placed)
		return true;
	GROW(c->line, c->n_line, c->cap_line);
	c->line[c->n_line++] = x;
	return true;
}

static bool add_branch(struct coverage *c, const char *rec, size_t len)
{
	struct record_r r;
	struct branch_key key;
	struct coverage_branch *b;
	uint32_t file, i;
	bool fresh;

	if (!record_read_r(rec, len, &r))
		return false;
	if (!find_place(c, r.file, r.line, &file))
		return true;
	key = (struct branch_key){ r.addr, r.len, r.target, r.returns,
				   file, r.line, func_name(c, r.func), objects_number(c->objects, r.in) };
	i = intern_put(c->branch_keys, (char *)&key, sizeof key, &fresh);
	if (fresh) {
		GROW(c->branch, c->n_branch, c->cap_branch);
		c->branch[c->n_branch++] = (struct coverage_branch){ file, r.line, key.object, r.known, r.addr, r.taken,
								     r.passed };
		return true;
	}
	b = &c->branch[i];
	count_add(&b->taken, r.taken);
	count_add(&b->passed, r.passed);
	b->known |= r.known;
	return true;
}

static bool add_calls(struct coverage *c, const char *rec, size_t len)
{
	struct record_c r;
	uint32_t file;
	bool placed;

	if (!record_read_c(rec, len, &r))
		return false;
	placed = find_place(c, r.file, r.line, &file);
	calls_add(c->calls, &r, placed ? file : NO_FILE, placed ? r.line : 0);
	return true;
}

static bool add_stack(struct coverage *c, const char *rec, size_t len)
{
	struct record_s r;

	if (!record_read_s(rec, len, &r))
		return false;
	calls_add_own(c->calls, &r);
	return true;
}

static bool add_object(struct coverage *c, const char *rec, size_t len)
{
	struct record_o r;

	if (!record_read_o(rec, len, &r))
		return false;
	objects_add(c->objects, &r);
	return true;
}

static void add_fact(struct coverage *c, struct fact f)
{
	c->seen_only = c->seen_only || fact_means_seen(f);
	if (c->profile)
		times_fact(&c->profile->times, f);
}

/* Adds a record of KIND.  False if it is malformed. */
static bool add(struct coverage *c, char kind, const char *rec, size_t len)
{
	c->any |= kind == 'L' || kind == 'F' || kind == 'R';
	switch (kind) {
	case 'L': return add_line(c, rec, len);
	case 'F': return add_func(c, rec, len);
	case 'R': return add_branch(c, rec, len);
	case 'O': return add_object(c, rec, len);
	case 'U': return unexplained_add(c, rec, len);
	case 'C': return !c->calls || add_calls(c, rec, len);
	case 'S': return !c->calls || add_stack(c, rec, len);
	case 'E': c->events = true;
	}
	return true;
}

void coverage_read(struct coverage *c, struct stream *in)
{
	char *rec;
	size_t len;

	if (c->profile)
		times_cut(&c->profile->times);
	while (!c->events && stream_next(in, &rec, &len)) {
		char kind = len > 1 && rec[1] == '\t' ? rec[0] : 0;

		if (kind == 'I') {
			if (!stream_note(in, rec, len))
				add_fact(c, fact_read(rec, len));
		} else if (kind) {
			if (!add(c, kind, rec, len))
				stream_malformed(in, rec, len);
		} else if (len && *rec == '#') {
			if (!stream_version_ok(in, rec, len))
				break;
			if (c->profile && stream_is_header(rec, len))
				times_cut(&c->profile->times);
		}
	}
}

uint64_t coverage_count(const struct coverage *c, size_t *i)
{
	const struct coverage_line *first = &c->line[*i], *l = first, *end = c->line + c->n_line;
	uint64_t sum = 0;

	for (; l < end && l->file == first->file && l->line == first->line; l++)
		count_add(&sum, l->count);
	*i += (size_t)(l - first);
	return coverage_shown(c, sum);
}
