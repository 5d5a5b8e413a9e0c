/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts branches by which block followed which.
 * in:  R<TAB>work.c<TAB>9<TAB>collatz<TAB>40201a50<TAB>4<TAB>40201a04<TAB>-<TAB>-
 *      40201a48+12 was followed by 40201a04+12 423 times, by 40201a54+8 29 times
 * out: R<TAB>work.c<TAB>9<TAB>collatz<TAB>40201a50<TAB>4<TAB>40201a04<TAB>423<TAB>29
 */
#include "branches.h"

#include <stdlib.h>

#include "count.h"
#include "die.h"
#include "intern.h"
#include "num.h"
#include "stream.h"
#include "search.h"

struct branch {
	uint64_t addr, end;	/* [addr, end): the instruction, and its delay slot */
	uint64_t target;
	uint64_t taken, passed;
	bool returns;		/* no target: where the function was called from */
	bool known;		/* the numbers are */
	bool left;		/* executed, and then came neither of the two */
};

struct branches {
	struct intern *keys;	/* of R records, all but their counts */
	struct branch *branch;
	size_t cap;
	/* while counting: */
	const struct blocks *blocks;
	uint32_t *order;	/* numbers of branches, by address */
	uint64_t *ends;		/* of blocks, sorted */
	size_t n_ends;
};

struct branches *branches_new(void)
{
	struct branches *r = must_calloc(1, sizeof *r);

	r->keys = intern_new();
	return r;
}

void branches_free(struct branches *r)
{
	intern_free(r->keys);
	free(r->branch);
	free(r);
}

bool branches_any(const struct branches *r)
{
	return intern_count(r->keys);
}

static bool parse_count(struct field f, uint64_t *v, bool *known)
{
	if (field_is(f, "-"))
		return true;
	return *known = num_parse_dec(f.s, f.n, v);
}

bool branches_add(struct branches *r, const char *line, size_t len)
{
	enum { FILE_ = 1, ADDR = 4, LEN, TARGET, TAKEN, PASSED, FIELDS };
	struct branch x = { .addr = 0 }, *b;
	struct field f[FIELDS];
	uint32_t id;
	bool fresh;

	if (record_split(line, len, f, FIELDS) != FIELDS || !num_parse_hex(f[ADDR].s, f[ADDR].n, &x.addr) ||
	    !num_parse_dec(f[LEN].s, f[LEN].n, &x.end) || !parse_count(f[TAKEN], &x.taken, &x.known) ||
	    !parse_count(f[PASSED], &x.passed, &x.known))
		return false;
	x.end += x.addr;
	x.returns = field_is(f[TARGET], "-");
	if (!x.returns && !num_parse_hex(f[TARGET].s, f[TARGET].n, &x.target))
		return false;
	id = intern_put(r->keys, f[FILE_].s, (size_t)(f[TARGET].s + f[TARGET].n - f[FILE_].s), &fresh);
	if (fresh) {
		GROW(r->branch, id, r->cap);
		r->branch[id] = x;
		return true;
	}
	b = &r->branch[id];
	count_add(&b->taken, x.taken);
	count_add(&b->passed, x.passed);
	b->known |= x.known;
	return true;
}

static int by_addr(const void *a, const void *b, void *branches)
{
	const struct branches *r = branches;
	uint64_t x = r->branch[*(const uint32_t *)a].addr, y = r->branch[*(const uint32_t *)b].addr;

	return (x > y) - (x < y);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The index in r->order of the first branch after ADDR. */
static size_t first_behind(const struct branches *r, uint64_t addr)
{
	size_t i;

	SEARCH(i, intern_count(r->keys), r->branch[r->order[i]].addr <= addr);
	return i;
}

/* Whether a return may lead to ADDR: what called ended there. */
static bool is_behind_block(const struct branches *r, uint64_t addr)
{
	return bsearch(&addr, r->ends, r->n_ends, sizeof addr, by_value);
}

static void count(const struct branches *r, struct branch *x, uint64_t next, uint64_t times)
{
	if (x->returns ? next != x->end && is_behind_block(r, next) : next == x->target)
		count_add(&x->taken, times);
	else if (next == x->end)
		count_add(&x->passed, times);
	else
		x->left = true;
}

/*
 * The branches that the block FROM ends with: one, or several records of one.  A delay slot may be a block
 * of its own, behind the branch: that one has the successors then.  A block of no bytes executed nothing.
 */
static void visit(void *arg, uint32_t from, uint32_t to, uint64_t times)
{
	const struct branches *r = arg;
	const struct block *b = blocks_get(r->blocks, from);
	uint64_t last = b->start + b->size - 1, next = blocks_get(r->blocks, to)->start;
	size_t i = b->size ? first_behind(r, last) : 0;
	uint64_t addr = i ? r->branch[r->order[i - 1]].addr : 0;

	if (!b->size)
		return;		/* no instruction of it ran */
	while (i-- && r->branch[r->order[i]].addr == addr)
		if (r->branch[r->order[i]].end - 1 >= last)
			count(r, &r->branch[r->order[i]], next, times);
}

void branches_count(struct branches *r, const struct blocks *b, const struct flow *f)
{
	size_t n = intern_count(r->keys);

	r->blocks = b;
	r->order = must_calloc(n, sizeof *r->order);
	r->n_ends = blocks_n(b);
	r->ends = must_calloc(r->n_ends, sizeof *r->ends);
	for (size_t i = 0; i < r->n_ends; i++)
		r->ends[i] = blocks_get(b, i)->start + blocks_get(b, i)->size;
	for (size_t i = 0; i < n; i++) {
		r->order[i] = (uint32_t)i;
		r->branch[i].known = true;
	}
	if (n)
		qsort_r(r->order, n, sizeof *r->order, by_addr, r);
	if (r->n_ends)
		qsort(r->ends, r->n_ends, sizeof *r->ends, by_value);
	flow_each(f, visit, r);
	free(r->order);
	free(r->ends);
}

void branches_write(const struct branches *r, struct out *o)
{
	for (uint32_t i = 0; i < intern_count(r->keys); i++) {
		const struct branch *x = &r->branch[i];
		size_t len;
		const char *key = intern_text(r->keys, i, &len);

		out_str(o, "R\t");
		out_mem(o, key, len);
		out_char(o, '\t');
		if (!x->known || (x->left && !x->taken && !x->passed)) {
			out_str(o, "-\t-\n");
			continue;
		}
		out_dec(o, x->taken);
		out_char(o, '\t');
		out_dec(o, x->passed);
		out_char(o, '\n');
	}
}
