/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts branches by which block followed which.
 * in:  R<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a50<TAB>4<TAB>40201a04<TAB>-<TAB>-
 *      40201a48+12 was followed by 40201a04+12 423 times, by 40201a54+8 29 times
 * out: R<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a50<TAB>4<TAB>40201a04<TAB>423<TAB>29
 */
#include "branches.h"

#include <stdlib.h>

#include "count.h"
#include "die.h"
#include "intern.h"
#include "record.h"
#include "search.h"

/* An address in an object, by its number. */
struct spot {
	uint64_t addr;
	uint32_t in;
};

struct branch {
	uint32_t in;
	uint64_t addr, end;	/* [addr, end): the instruction, and its delay slot */
	uint64_t target;
	uint64_t taken, passed;
	bool returns;		/* no target: where the function was called from */
	bool known;		/* the numbers are */
	bool left;		/* executed, and then came neither of the two */
};

struct branches {
	struct intern *objects;	/* not owned */
	struct intern *keys;	/* of R records, all but their counts */
	struct branch *branch;
	size_t cap;
	uint32_t last_in;	/* the object of the record before */
	/* while counting: */
	const struct blocks *blocks;
	uint32_t *order;	/* numbers of branches, by object and address */
	struct spot *ends;	/* of blocks, sorted */
	size_t n_ends;
};

struct branches *branches_new(struct intern *objects)
{
	struct branches *r = must_calloc(1, sizeof *r);

	r->objects = objects;
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

/* The number of the object IN, which is mostly that of the branch before. */
static uint32_t object(struct branches *r, struct field in)
{
	struct field last;
	bool fresh;

	if (r->last_in < intern_count(r->objects)) {
		last.s = intern_text(r->objects, r->last_in, &last.n);
		if (field_equal(last, in))
			return r->last_in;
	}
	return r->last_in = intern_put(r->objects, in.s, in.n, &fresh);
}

bool branches_add(struct branches *r, const char *line, size_t len)
{
	struct record_r x;
	struct branch *b;
	uint32_t id;
	bool fresh;

	if (!record_read_r(line, len, &x))
		return false;
	id = intern_put(r->keys, x.key.s, x.key.n, &fresh);
	if (fresh) {
		GROW(r->branch, id, r->cap);
		r->branch[id] = (struct branch){ .addr = x.addr, .end = x.addr + x.len, .target = x.target,
						 .returns = x.returns };
		r->branch[id].in = object(r, x.in);
	}
	b = &r->branch[id];
	count_add(&b->taken, x.taken);
	count_add(&b->passed, x.passed);
	b->known |= x.known;
	return true;
}

static int compare(struct spot a, struct spot b)
{
	return a.in != b.in ? (a.in > b.in) - (a.in < b.in) : (a.addr > b.addr) - (a.addr < b.addr);
}

/* Where the branch with number ORDER[I] is. */
static struct spot spot_of(const struct branches *r, size_t i)
{
	const struct branch *b = &r->branch[r->order[i]];

	return (struct spot){ b->addr, b->in };
}

static int by_spot(const void *a, const void *b, void *branches)
{
	const struct branches *r = branches;
	const struct branch *x = &r->branch[*(const uint32_t *)a], *y = &r->branch[*(const uint32_t *)b];

	return compare((struct spot){ x->addr, x->in }, (struct spot){ y->addr, y->in });
}

/* Whether the N branches are in their order already, as a map of one object has them. */
static bool are_sorted(struct branches *r, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (by_spot(&r->order[i - 1], &r->order[i], r) > 0)
			return false;
	return true;
}

static int by_value(const void *a, const void *b)
{
	return compare(*(const struct spot *)a, *(const struct spot *)b);
}

/* The index in r->order of the first branch after S. */
static size_t first_after(const struct branches *r, struct spot s)
{
	size_t i;

	SEARCH(i, intern_count(r->keys), compare(spot_of(r, i), s) <= 0);
	return i;
}

/* Whether S can be a return address: an executed block, the call, ends there. */
static bool is_after_block(const struct branches *r, struct spot s)
{
	return bsearch(&s, r->ends, r->n_ends, sizeof s, by_value);
}

static void count(const struct branches *r, struct branch *x, struct spot next, uint64_t times)
{
	bool here = next.in == x->in, passed = here && next.addr == x->end;

	if (x->returns ? !passed && is_after_block(r, next) : here && next.addr == x->target)
		count_add(&x->taken, times);
	else if (passed)
		count_add(&x->passed, times);
	else
		x->left = true;
}

/*
 * The branches that the block FROM ends with: one, or several records of one.  A delay slot may be a block
 * of its own, after the branch: that one has the successors then.  A block of no bytes executed nothing.
 */
static void visit(void *arg, uint32_t from, uint32_t to, uint64_t times)
{
	const struct branches *r = arg;
	const struct block *b = blocks_get(r->blocks, from), *next = blocks_get(r->blocks, to);
	struct spot last = { b->start + b->size - 1, b->in };
	size_t i = b->size ? first_after(r, last) : 0;
	struct spot at;

	if (!i)
		return;
	at = spot_of(r, i - 1);
	while (at.in == b->in && i-- && !compare(spot_of(r, i), at))
		if (r->branch[r->order[i]].end - 1 >= last.addr)
			count(r, &r->branch[r->order[i]], (struct spot){ next->start, next->in }, times);
}

void branches_count(struct branches *r, const struct blocks *b, const struct follow *f)
{
	size_t n = intern_count(r->keys);

	r->blocks = b;
	r->order = must_calloc(n, sizeof *r->order);
	r->n_ends = blocks_n(b);
	r->ends = must_calloc(r->n_ends, sizeof *r->ends);
	for (size_t i = 0; i < r->n_ends; i++)
		r->ends[i] = (struct spot){ blocks_get(b, i)->start + blocks_get(b, i)->size, blocks_get(b, i)->in };
	for (size_t i = 0; i < n; i++) {
		r->order[i] = (uint32_t)i;
		r->branch[i].known = true;
	}
	if (!are_sorted(r, n))
		qsort_r(r->order, n, sizeof *r->order, by_spot, r);
	if (r->n_ends)
		qsort(r->ends, r->n_ends, sizeof *r->ends, by_value);
	follow_each(f, visit, r);
	free(r->order);
	free(r->ends);
}

void branches_write(const struct branches *r, struct out *o)
{
	for (uint32_t i = 0; i < intern_count(r->keys); i++) {
		const struct branch *x = &r->branch[i];
		struct field key;

		key.s = intern_text(r->keys, i, &key.n);
		record_put_r_counts(o, key, x->known && (!x->left || x->taken || x->passed), x->taken, x->passed);
	}
}
