/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guesses by what was mapped; for a machine, by addresses and by the order in which blocks were translated, which is
 * that in which they ran first.
 * in:  I<TAB>mode<TAB>system; 0+4, then 7c00+9, then ffff800008000000+12, then 400000+8
 * out: 0+4 is of the [boot ROM], 7c00+9 [before the kernel], then came the [kernel], then [user space]
 */
#include "guess.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"
#include "memory.h"

/* The guest's addresses of something, the last one included. */
struct span {
	uint64_t lo, last;
};

struct guess {
	struct memory *memory;
	struct span *object;		/* A records */
	size_t n, cap;
	bool system;			/* a machine, not a process */
	bool any, kernel;		/* any block was translated; one in the upper half of the addresses */
	uint64_t first;			/* where the first one is */
	struct intern *early;		/* blocks before the kernel's first: "in TAB start" */
};

struct guess *guess_new(void)
{
	struct guess *g = must_calloc(1, sizeof *g);

	g->memory = memory_new();
	g->early = intern_new();
	return g;
}

void guess_free(struct guess *g)
{
	memory_free(g->memory);
	intern_free(g->early);
	free(g->object);
	free(g);
}

void guess_fact(struct guess *g, struct fact f)
{
	if (f.key == FACT_MODE)
		g->system = field_is(f.value, "system");
}

bool guess_g(struct guess *g, const char *line, size_t len)
{
	return memory_add(g->memory, line, len);
}

bool guess_a(struct guess *g, const char *line, size_t len)
{
	struct record_a a;

	if (!record_read_a(line, len, &a))
		return false;
	GROW(g->object, g->n, g->cap);
	g->object[g->n++] = (struct span){ a.lo, a.hi - 1 };
	return true;
}

static bool is_upper(uint64_t addr)
{
	return addr >> 63;
}

bool guess_t(struct guess *g, const char *line, size_t len)
{
	struct record_t t;
	bool fresh;

	if (!record_read_t(line, len, &t))
		return false;
	if (!g->any)
		g->first = t.vaddr;
	g->any = true;
	g->kernel |= is_upper(t.vaddr);
	if (!g->kernel)
		intern_put(g->early, t.spot.s, t.spot.n, &fresh);
	return true;
}

/* A trace, and what is found out of it as a whole. */
struct trace_of {
	const struct guess *g;
	const struct blocks *run, *sum;
	const uint32_t *number;
	uint32_t n;
	struct span boot;	/* the boot ROM, unless lo > last */
};

/* The block with number I as it is in the sum; NULL if it is malformed. */
static const struct block *placed(const struct trace_of *t, uint32_t i)
{
	return blocks_get(t->run, i)->malformed ? NULL : blocks_get(t->sum, t->number[i]);
}

static bool is_guest(const struct trace_of *t, uint32_t i)
{
	const struct block *b = placed(t, i);

	return b && b->guest && block_is_unexplained(b);
}

/* The range of unexplained code that the guest's ADDR is in. */
static struct span around(const struct trace_of *t, uint64_t addr)
{
	struct ranges *all = ranges_new();
	struct span x = { 1, 0 };

	for (uint32_t i = 0; i < t->n; i++) {
		const struct block *b = blocks_get(t->run, i);

		if (is_guest(t, i))
			ranges_add_block(all, b->start, b->size, field_of("-"), 1, 0);
	}
	for (size_t i = 0, n = ranges_sort(all); i < n; i++) {
		struct record_u u = ranges_get(all, i);

		if (addr >= u.lo && addr <= u.hi - 1)
			x = (struct span){ u.lo, u.hi - 1 };
	}
	ranges_free(all);
	return x;
}

/*
 * A machine begins in its boot ROM, if no ELF file has the code there, nor any near it.  Where it cannot
 * be told from what came after, it may be all that ran.
 */
static struct span boot_rom(const struct trace_of *t)
{
	struct span none = { 1, 0 }, x;

	if (!t->g->system || !t->g->any || !(t->g->n || t->g->kernel))
		return none;
	x = around(t, t->g->first);
	for (size_t i = 0; i < t->g->n; i++)
		if (t->g->object[i].lo <= x.last && t->g->object[i].last >= x.lo)
			return none;
	return x;
}

static bool is_early(const struct trace_of *t, uint32_t i)
{
	struct field name = blocks_name(t->run, i);
	uint32_t id;

	name.n = (size_t)((const char *)memrchr(name.s, '\t', name.n) - name.s);	/* without its size */
	return intern_find(t->g->early, name.s, name.n, &id);
}

/* What the block with number I is; *AT is its address then. */
static struct field what(const struct trace_of *t, uint32_t i, uint64_t *at)
{
	uint64_t addr = blocks_get(t->run, i)->start;
	struct field f;

	*at = addr;
	if (memory_at(t->g->memory, addr, &f, at))
		return f;
	if (addr >= t->boot.lo && addr <= t->boot.last && is_early(t, i))
		return field_of("[boot ROM]");
	if (!t->g->system || !t->g->kernel)
		return field_of("-");
	if (is_upper(addr))
		return field_of("[kernel]");
	return field_of(is_early(t, i) ? "[before the kernel]" : "[user space]");
}

void guess_add(const struct guess *g, const struct blocks *run, const struct blocks *sum, const uint32_t *number,
	       struct ranges *to)
{
	struct trace_of t = { g, run, sum, number, (uint32_t)blocks_n(run), { 1, 0 } };

	t.boot = boot_rom(&t);
	for (uint32_t i = 0; i < t.n; i++) {
		const struct block *b = blocks_get(run, i);
		uint64_t at;

		if (is_guest(&t, i)) {
			struct field f = what(&t, i, &at);

			ranges_add_block(to, at, b->size, f, b->count, b->ns);
		}
	}
}
