/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects coverage.
 * in:  L<TAB>work.c<TAB>9<TAB>collatz<TAB>40201a04+4<TAB>452<TAB>9800
 * out: { file 0, line 9, func 0, count 452, ns 9800 }
 */
#include "cov.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "fact.h"
#include "num.h"
#include "sort.h"

enum { F_FIELDS = 8, L_FIELDS = 7, R_FIELDS = 9 };

void cov_init(struct cov *c, struct paths *paths)
{
	*c = (struct cov){ .names = intern_new(), .keys = intern_new(), .branch_texts = intern_new(),
			   .branch_keys = intern_new(), .paths = paths };
}

void cov_free(struct cov *c)
{
	intern_free(c->names);
	intern_free(c->keys);
	intern_free(c->branch_texts);
	intern_free(c->branch_keys);
	free(c->line);
	free(c->func);
	free(c->branch);
	free(c->file);
	profile_free(c->profile);
}

/* A number, or "-" for one that is not known, which is 0 here. */
static bool parse_known(struct field f, uint64_t *v)
{
	if (f.n == 1 && *f.s == '-') {
		*v = 0;
		return true;
	}
	return num_parse_dec(f.s, f.n, v);
}

static bool parse_line(struct field f, uint32_t *line)
{
	uint64_t v;

	if (!parse_known(f, &v) || v >= UINT32_MAX)
		return false;
	*line = (uint32_t)v;
	return true;
}

/* The file in FILE, unless it is not known or LINE of it is left out. */
static bool find_place(struct cov *c, struct field file, uint32_t line, uint32_t *id)
{
	const struct path *x;

	if (!line || field_is(file, "-"))
		return false;
	x = paths_look(c->paths, file.s, file.n);
	*id = x->id;
	return !path_excluded(c->paths, x, line);
}

static bool add_func(struct cov *c, const char *rec, size_t len)
{
	struct field f[F_FIELDS];
	struct cov_func x;
	uint64_t addr, size, ns;
	uint32_t key[2], i;
	bool fresh;

	if (record_split(rec, len, f, F_FIELDS) != F_FIELDS || !parse_line(f[2], &x.line) ||
	    !num_parse_hex(f[4].s, f[4].n, &addr) || !parse_known(f[5], &size) ||
	    !num_parse_dec(f[6].s, f[6].n, &x.count) || !parse_known(f[7], &ns))
		return false;
	if (c->profile && field_is(f[1], "-")) {
		x.name = intern_put(c->names, f[3].s, f[3].n, &fresh);
		profile_add_func(c->profile, (struct profile_func){ x.name, addr, size, x.count, ns });
	}
	if (!find_place(c, f[1], x.line, &x.file))
		return true;
	x.name = intern_put(c->names, f[3].s, f[3].n, &fresh);
	key[0] = x.file;
	key[1] = x.name;
	i = intern_put(c->keys, (char *)key, sizeof key, &fresh);
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

/* The number of a name; the line before often has the same. */
static uint32_t func_name(struct cov *c, struct field f)
{
	size_t len;
	const char *s = c->n_line ? intern_text(c->names, c->line[c->n_line - 1].func, &len) : NULL;
	bool fresh;

	if (s && len == f.n && !memcmp(s, f.s, len))
		return c->line[c->n_line - 1].func;
	return intern_put(c->names, f.s, f.n, &fresh);
}

static bool add_line(struct cov *c, const char *rec, size_t len)
{
	struct field f[L_FIELDS];
	struct cov_line x;

	if (record_split(rec, len, f, L_FIELDS) != L_FIELDS || !parse_line(f[2], &x.line) ||
	    !num_parse_dec(f[5].s, f[5].n, &x.count) || !parse_known(f[6], &x.ns))
		return false;
	if (c->profile)
		profile_add_line(c->profile, func_name(c, f[3]), f[4], x.count, x.ns);
	if (!find_place(c, f[1], x.line, &x.file))
		return true;
	x.func = func_name(c, f[3]);
	GROW(c->line, c->n_line, c->cap_line);
	c->line[c->n_line++] = x;
	return true;
}

static bool add_branch(struct cov *c, const char *rec, size_t len)
{
	struct field f[R_FIELDS];
	struct cov_branch x, *b;
	uint32_t key[2], i;
	bool fresh;

	if (record_split(rec, len, f, R_FIELDS) != R_FIELDS || !parse_line(f[2], &x.line) ||
	    !num_parse_hex(f[4].s, f[4].n, &x.addr) || !parse_known(f[7], &x.taken) || !parse_known(f[8], &x.passed))
		return false;
	if (!find_place(c, f[1], x.line, &x.file))
		return true;
	x.known = !field_is(f[7], "-") && !field_is(f[8], "-");
	key[0] = x.file;
	key[1] = intern_put(c->branch_texts, f[2].s, (size_t)(f[6].s + f[6].n - f[2].s), &fresh);
	i = intern_put(c->branch_keys, (char *)key, sizeof key, &fresh);
	if (fresh) {
		GROW(c->branch, c->n_branch, c->cap_branch);
		c->branch[c->n_branch++] = x;
		return true;
	}
	b = &c->branch[i];
	count_add(&b->taken, x.taken);
	count_add(&b->passed, x.passed);
	b->known |= x.known;
	return true;
}

void cov_read(struct cov *c, struct stream *in)
{
	char *rec;
	size_t len;

	if (c->profile)
		profile_cut(c->profile);
	while (!c->events && stream_next(in, &rec, &len)) {
		if (c->profile && !profile_read(c->profile, rec, len))
			stream_malformed(in, rec, len, "a record is: O path build-id bias, or: U count ns");
		if (record_is(rec, len, 'L')) {
			c->any = true;
			if (!add_line(c, rec, len))
				stream_malformed(in, rec, len, "an L record is: L file line func addrs count ns");
		} else if (record_is(rec, len, 'F')) {
			c->any = true;
			if (!add_func(c, rec, len))
				stream_malformed(in, rec, len, "an F record is: F file line name addr size count ns");
		} else if (record_is(rec, len, 'R')) {
			c->any = true;
			if (!add_branch(c, rec, len))
				stream_malformed(in, rec, len,
					      "an R record is: R file line func addr len target taken not-taken");
		} else if (record_is(rec, len, 'I') && !stream_note(in, rec, len)) {
			c->seen_only = c->seen_only || fact_means_seen(fact_read(rec, len));
		} else if (record_is(rec, len, 'E')) {
			c->events = true;
		} else if (len && *rec == '#' && !stream_version_ok(in, rec, len)) {
			break;
		}
	}
}

static int cmp(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_start(const void *a, const void *b, void *cov)
{
	const struct cov_func *x = a, *y = b;
	int d = cmp(x->file, y->file);

	d = d ? d : cmp(x->line, y->line);
	return d ? d : strcmp(cov_name(cov, x->name), cov_name(cov, y->name));
}

/* Orders the N lines at L, that are of one file and line, by function; ITEM and TMP have room for N. */
static void sort_by_func(struct cov_line *l, size_t n, struct sort_item *item, struct sort_item *tmp,
			 const struct cov_line *unsorted)
{
	for (size_t i = 0; i < n; i++)
		item[i].key = unsorted[item[i].i].func;
	sort_items(item, tmp, n);
	for (size_t i = 0; i < n; i++)
		l[i] = unsorted[item[i].i];
}

/* The index behind the items, from I on, with one key. */
static size_t same_key(const struct sort_item *item, size_t n, size_t i)
{
	uint64_t key = item[i].key;

	while (i < n && item[i].key == key)
		i++;
	return i;
}

/* Puts the lines in the order of file, line and function. */
static void sort_lines(struct cov *c)
{
	size_t n = c->n_line, most = 0, next;
	struct sort_item *item = must_calloc(n, sizeof *item), *tmp = must_calloc(n, sizeof *tmp);
	struct cov_line *sorted;

	for (size_t i = 0; i < n; i++) {
		const struct cov_line *l = &c->line[i];

		item[i] = (struct sort_item){ (uint64_t)l->file << 32 | l->line, (uint32_t)i };
	}
	sort_items(item, tmp, n);
	free(tmp);
	for (size_t i = 0; i < n; i = next) {
		next = same_key(item, n, i);
		most = next - i > most ? next - i : most;
	}
	tmp = must_calloc(most, sizeof *tmp);
	sorted = must_calloc(n, sizeof *sorted);
	for (size_t i = 0; i < n; i = next) {
		next = same_key(item, n, i);
		sort_by_func(sorted + i, next - i, item + i, tmp, c->line);
	}
	free(tmp);
	free(item);
	free(c->line);
	c->line = sorted;
	c->cap_line = n;
}

static int by_address(const void *a, const void *b)
{
	const struct cov_branch *x = a, *y = b;
	int d = cmp(x->file, y->file);

	d = d ? d : cmp(x->line, y->line);
	return d ? d : (x->addr > y->addr) - (x->addr < y->addr);
}

void cov_sort(struct cov *c)
{
	uint32_t *rank;

	if (c->profile)
		profile_settle(c->profile);
	c->file = paths_sorted(c->paths, &c->n_file, &rank);
	for (size_t i = 0; i < c->n_line; i++)
		c->line[i].file = rank[c->line[i].file];
	for (size_t i = 0; i < c->n_func; i++)
		c->func[i].file = rank[c->func[i].file];
	for (size_t i = 0; i < c->n_branch; i++)
		c->branch[i].file = rank[c->branch[i].file];
	free(rank);
	sort_lines(c);
	if (c->n_branch)
		qsort(c->branch, c->n_branch, sizeof *c->branch, by_address);
	if (c->n_func)
		qsort_r(c->func, c->n_func, sizeof *c->func, by_start, c);
}

uint64_t cov_count(const struct cov *c, size_t *i)
{
	const struct cov_line *first = &c->line[*i], *l = first, *end = c->line + c->n_line;
	uint64_t sum = 0;

	for (; l < end && l->file == first->file && l->line == first->line; l++)
		count_add(&sum, l->count);
	*i += (size_t)(l - first);
	return cov_shown(c, sum);
}
