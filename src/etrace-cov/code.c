/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the K records of a trace, and makes of them what is known of each block when it comes first.
 * in:  K<TAB>fw.elf<TAB>40201b10<TAB>12<TAB>main+16<TAB>work.c:30<TAB>call<TAB>40201b18<TAB>402019f4<TAB>-
 * out: the block at 40201b10 of fw.elf is main's and ends with a call, to 402019f4
 */
#include "code.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"
#include "num.h"

#define CATCH "catch:"

struct ends {
	enum end end;
	bool conditional, has_at, direct;
	uint64_t at, to;
	uint32_t role;		/* in texts */
};

struct codes {
	struct blocks *blocks;	/* not owned */
	struct spots *spots;
	struct funcs *funcs;
	bool machine;
	struct ends *ends;	/* of K records, by the number of the block; role NO_TEXT: there was none */
	size_t n_ends, cap_ends;
	struct intern *texts;	/* roles */
	struct intern *after_trap;	/* "in TAB addr", in binary */
	struct code *code;	/* by the number of the block */
	uint32_t n, cap;
};

struct codes *codes_new(struct blocks *blocks)
{
	struct codes *c = must_calloc(1, sizeof *c);

	c->blocks = blocks;
	c->spots = spots_new(blocks);
	c->funcs = funcs_new();
	c->texts = intern_new();
	c->after_trap = intern_new();
	c->machine = true;
	return c;
}

void codes_free(struct codes *c)
{
	spots_free(c->spots);
	funcs_free(c->funcs);
	intern_free(c->texts);
	intern_free(c->after_trap);
	free(c->ends);
	free(c->code);
	free(c);
}

void codes_of_machine(struct codes *c, bool machine)
{
	c->machine = machine;
}

struct spots *codes_spots(struct codes *c)
{
	return c->spots;
}

struct funcs *codes_funcs(struct codes *c)
{
	return c->funcs;
}

bool codes_any(const struct codes *c)
{
	return c->n_ends;
}

bool codes_after_trap(const struct codes *c, struct spot s)
{
	struct spot_key k = spot_key(s);
	uint32_t id;

	return intern_find(c->after_trap, k.s, sizeof k.s, &id);
}

bool codes_catches(const struct codes *c, const struct code *x, uint64_t at)
{
	size_t len;
	const char *ranges = x->catch == NO_TEXT ? "" : intern_text(c->texts, x->catch, &len) + strlen(CATCH);

	while (*ranges) {
		size_t lo_len = strcspn(ranges, "-"), hi_len;
		uint64_t lo, hi;

		if (!ranges[lo_len])
			return false;
		hi_len = strcspn(ranges + lo_len + 1, ",");
		if (num_parse_hex(ranges, lo_len, &lo) && num_parse_hex(ranges + lo_len + 1, hi_len, &hi) &&
		    at - lo < hi - lo)
			return true;
		ranges += lo_len + 1 + hi_len;
		ranges += *ranges == ',';
	}
	return false;
}

/* Puts into X how it ends, by E, whose addresses are of IN. */
static void learn_end(struct codes *c, const struct ends *e, uint32_t in, struct code *x)
{
	size_t len;
	const char *role = intern_text(c->texts, e->role, &len);

	x->cut = false;
	x->end = (uint8_t)e->end;
	x->conditional = e->conditional;
	x->direct = e->direct;
	x->has_at = e->has_at;
	x->at = in == x->start.in ? e->at : spots_translate(c->spots, (struct spot){ e->at, in }).addr;
	x->to = in == x->start.in ? e->to : spots_translate(c->spots, (struct spot){ e->to, in }).addr;
	x->clear = !strcmp(role, "plt");
	x->entry = !strcmp(role, "entry");
	x->catch = strncmp(role, CATCH, strlen(CATCH)) ? NO_TEXT : e->role;
	if (x->end == END_TRAP) {
		struct spot_key key = spot_key(x->fall);
		bool fresh;

		intern_put(c->after_trap, key.s, sizeof key.s, &fresh);
	}
}

/* Whether the compiler split NAME off the function that it is of. */
static bool is_split(struct field name)
{
	static const struct field cold = { ".cold", 5 };

	return name.n >= cold.n && !memcmp(name.s + name.n - cold.n, cold.s, cold.n);
}

/*
 * Firmware, and user space of a machine, of no ELF file: it may be of another mode of the CPU, such as the 16 bits of
 * x86, in which its instructions are others than a K says.
 */
static bool is_opaque(const struct codes *c, struct spot s)
{
	return c->machine && s.in == SPOT_GUEST && !(s.addr >> 63);
}

static void learn(struct codes *c, uint32_t id, struct code *x)
{
	const struct block *b = blocks_get(c->blocks, id);
	uint32_t in = b->guest ? SPOT_GUEST : b->in, there = b->func != NO_TEXT ? b->func : b->there;
	struct spot start = { b->start, in };
	struct field name = { "", 0 };

	start = there != NO_TEXT ? spots_translate(c->spots, start) : start;
	*x = (struct code){ .next = { { .block = NO_CODE }, { .block = NO_CODE } }, .start = start,
			    .fall = { start.addr + b->size, start.in }, .catch = NO_TEXT, .cut = true };
	if (id < c->n_ends && c->ends[id].role != NO_TEXT && !is_opaque(c, x->start))
		learn_end(c, &c->ends[id], in, x);
	if (there != NO_TEXT) {
		name.s = blocks_text(c->blocks, there, &name.n);
		x->entry |= !b->off && !is_split(name);
	}
	x->func = funcs_put(c->funcs, x->start, name, b->off, id);
	x->clear |= funcs_get(c->funcs, x->func)->trait == TRAIT_CLEAR;
}

void codes_k(struct codes *c, uint32_t id, const struct record_k *k)
{
	bool fresh;

	for (; id >= c->n_ends; c->n_ends++) {
		GROW(c->ends, c->n_ends, c->cap_ends);
		c->ends[c->n_ends] = (struct ends){ .role = NO_TEXT };
	}
	c->ends[id] = (struct ends){ .end = k->end, .conditional = k->conditional, .has_at = k->has_at,
				     .direct = k->direct, .at = k->at, .to = k->to,
				     .role = intern_put(c->texts, k->role.s, k->role.n, &fresh) };
	if (id < c->n) {
		learn(c, id, &c->code[id]);
		c->code[id].patched = true;
	}
}

struct code *codes_get(struct codes *c, uint32_t id)
{
	if (id >= c->n) {
		uint32_t n = (uint32_t)blocks_n(c->blocks);

		if (n > c->cap) {
			c->cap = 2 * n;
			c->code = must_realloc(c->code, c->cap, sizeof *c->code);
		}
		for (; c->n < n; c->n++)
			learn(c, c->n, &c->code[c->n]);
	}
	return &c->code[id];
}

struct code *codes_all(struct codes *c, uint32_t *n)
{
	*n = c->n;
	return c->code;
}
