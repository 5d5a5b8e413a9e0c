/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects what a profile needs beside source lines.
 * in:  F<TAB>-<TAB>-<TAB>memcpy<TAB>40202000<TAB>64<TAB>3<TAB>90 / U<TAB>2<TAB>16 / I<TAB>ns<TAB>instructions
 * out: memcpy was entered 3 times and took 90, blocks without a name ran twice and took 16: instructions
 */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "fact.h"
#include "num.h"
#include "search.h"

struct profile_line {
	uint32_t name;
	uint64_t addr, ns;
};

struct profile *profile_new(void)
{
	struct profile *p = must_calloc(1, sizeof *p);

	p->objects = intern_new();
	return p;
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	free(p->func);
	free(p->line);
	free(p->object);
	intern_free(p->objects);
	free(p);
}

void profile_cut(struct profile *p)
{
	if (p->has_times) {
		p->instructions |= p->says_instructions;
		p->others |= p->says_other || !p->says_instructions;
	}
	p->says_instructions = p->says_other = p->has_times = false;
}

static char *copy(struct field f)
{
	char *s = must_malloc(f.n + 1);

	*(char *)mempcpy(s, f.s, f.n) = 0;
	return s;
}

static bool add_object(struct profile *p, const char *rec, size_t len)
{
	struct field f[4];
	bool fresh;

	if (record_split(rec, len, f, 4) != 4)
		return false;
	if (!intern_put(p->objects, rec, len, &fresh) && fresh)
		p->object = copy(f[1]);
	return true;
}

static bool add_unexplained(struct profile *p, const char *rec, size_t len)
{
	uint64_t count, ns;
	struct field f[3];

	if (record_split(rec, len, f, 3) != 3 || !num_parse_dec(f[1].s, f[1].n, &count) ||
	    !num_parse_dec(f[2].s, f[2].n, &ns))
		return false;
	count_add(&p->u_count, count);
	count_add(&p->u_ns, ns);
	p->has_times |= ns > 0;
	return true;
}

bool profile_read(struct profile *p, const char *rec, size_t len)
{
	struct fact f;

	if (record_is(rec, len, 'O'))
		return add_object(p, rec, len);
	if (record_is(rec, len, 'U'))
		return add_unexplained(p, rec, len);
	if (stream_is_header(rec, len))
		profile_cut(p);
	if (!record_is(rec, len, 'I'))
		return true;
	f = fact_read(rec, len);
	p->says_instructions |= fact_means_instructions(f);
	p->says_other |= f.key == FACT_NS && !fact_means_instructions(f);
	return true;
}

void profile_add_func(struct profile *p, struct profile_func x)
{
	GROW(p->func, p->n_func, p->cap_func);
	p->func[p->n_func++] = x;
	p->has_times |= x.ns > 0;
}

void profile_add_line(struct profile *p, uint32_t name, struct field addrs, uint64_t count, uint64_t ns)
{
	const char *plus = memchr(addrs.s, '+', addrs.n);
	struct profile_line x = { .name = name, .ns = ns };

	p->has_times |= ns > 0;
	if (!ns && !count)
		return;
	if (!plus || !num_parse_hex(addrs.s, (size_t)(plus - addrs.s), &x.addr))
		return;
	GROW(p->line, p->n_line, p->cap_line);
	p->line[p->n_line++] = x;
}

static int by_name(const void *a, const void *b)
{
	const struct profile_func *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

static void take_off(struct profile_func *f, const struct profile_line *l)
{
	if (l->addr - f->addr >= f->size)
		return;
	f->ns -= l->ns < f->ns ? l->ns : f->ns;
	f->count = 0;
}

void profile_settle(struct profile *p)
{
	profile_cut(p);
	if (p->n_func)
		qsort(p->func, p->n_func, sizeof *p->func, by_name);
	for (size_t i = 0; i < p->n_line; i++) {
		size_t f;

		SEARCH(f, p->n_func, p->func[f].name < p->line[i].name);
		for (; f < p->n_func && p->func[f].name == p->line[i].name; f++)
			take_off(&p->func[f], &p->line[i]);
	}
}
