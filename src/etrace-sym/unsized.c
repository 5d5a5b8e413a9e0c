/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fills in what an exec log cannot say.  Where a block ends depends on where it begins and on where the next one
 * did, and is found once for both.
 *
 * in:  I<TAB>sizes<TAB>next, E<TAB>0<TAB>-<TAB>-<TAB>4029d0<TAB>96<TAB>40<TAB>-
 * out: E<TAB>0<TAB>-<TAB>-<TAB>4029d0<TAB>11<TAB>40<TAB>120
 */
#include "unsized.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blockend.h"
#include "die.h"
#include "intern.h"
#include "num.h"
#include "record.h"

enum sizes { SIZES_USUAL, SIZES_NEXT, SIZES_EXACT, SIZES_INSTRUCTION };

struct unsized {
	const struct objects *objects;
	struct places *places;
	struct blockend **of;		/* by object; NULL: none yet, or none can be */
	bool *failed;			/* by object: none can be */
	enum sizes sizes, to_sizes;	/* to_sizes: of the second blocks of J records */
	unsigned version;		/* of the places, that extents were found for */
	struct intern *blocks;		/* by sizes, start and size, as text */
	struct extent *extent;		/* by number of the block; its insns are 0 if that is not known */
	size_t cap;
	char *line;			/* scratch */
	size_t cap_line;
};

struct unsized *unsized_new(const struct objects *objects, struct places *places)
{
	struct unsized *u = must_calloc(1, sizeof *u);

	u->objects = objects;
	u->places = places;
	u->of = must_calloc(objects->max, sizeof *u->of);
	u->failed = must_calloc(objects->max, sizeof *u->failed);
	u->blocks = intern_new();
	return u;
}

void unsized_free(struct unsized *u)
{
	for (size_t i = 0; i < u->objects->n; i++)
		blockend_free(u->of[i]);
	intern_free(u->blocks);
	free(u->of);
	free(u->failed);
	free(u->extent);
	free(u->line);
	free(u);
}

static enum sizes sizes_of(struct field value)
{
	return field_is(value, "next") ? SIZES_NEXT : field_is(value, "instruction") ? SIZES_INSTRUCTION : SIZES_EXACT;
}

bool unsized_fact(struct unsized *u, struct fact f)
{
	if (fact_means_new_trace(f))
		u->sizes = u->to_sizes = SIZES_USUAL;
	else if (f.key == FACT_SIZES)
		u->sizes = u->to_sizes = sizes_of(f.value);
	else if (f.key == FACT_TO_SIZES)
		u->to_sizes = sizes_of(f.value);
	return f.key == FACT_SIZES || f.key == FACT_TO_SIZES;
}

bool unsized_any(const struct unsized *u)
{
	return u->sizes != SIZES_USUAL;
}

static struct blockend *ends_of(struct unsized *u, struct object *ob)
{
	size_t i = (size_t)(ob - u->objects->of);

	object_ready(ob);
	if (!u->of[i] && !u->failed[i]) {
		u->of[i] = blockend_new(ob);
		u->failed[i] = !u->of[i];
	}
	return u->of[i];
}

/* The block E, with the size that the trace says, and what that is. */
static struct extent find(struct unsized *u, const struct record_e *e, enum sizes sizes)
{
	struct linked at = place_find(u->places, (struct guest){ e->start });
	struct blockend *b = at.in ? ends_of(u, at.in) : NULL;
	struct extent x = { .size = e->size };

	if (b && sizes == SIZES_EXACT)
		x.insns = blockend_insns(b, at.addr, e->size);
	else if (b && sizes == SIZES_INSTRUCTION)
		blockend_first(b, at.addr, &x);
	else if (b)
		blockend_find(b, at.addr, at.addr + e->size, &x);
	return x;
}

static struct extent extent_of(struct unsized *u, const struct record_e *e, enum sizes sizes)
{
	char key[1 + 16 + 1 + NUM_MAX + 1];
	bool fresh;
	uint32_t id;
	int n;

	if (u->version != places_version(u->places)) {
		intern_free(u->blocks);
		u->blocks = intern_new();
		u->version = places_version(u->places);
	}
	n = snprintf(key, sizeof key, "%c%" PRIx64 " %" PRIu64, "-nei"[sizes], e->start, e->size);
	id = intern_put(u->blocks, key, (size_t)n, &fresh);
	if (fresh) {
		GROW(u->extent, id, u->cap);
		u->extent[id] = find(u, e, sizes);
	}
	return u->extent[id];
}

/* Its size at P; returns the byte after. */
static char *put_size(char *p, struct extent x, bool exact)
{
	return x.insns || exact ? num_dec(p, x.size) : stpcpy(p, "-");
}

/* "size TAB count TAB ns" of the block E, at P; returns the byte after. */
static char *put(char *p, const struct record_e *e, struct extent x, bool exact)
{
	bool known = x.insns || (exact && !x.size);
	uint64_t ns;

	p = put_size(p, x, exact);
	*p++ = '\t';
	p = e->count_known ? num_dec(p, e->count) : stpcpy(p, "-");
	*p++ = '\t';
	if (!known || !e->count_known)
		return stpcpy(p, "-");
	return num_dec(p, __builtin_mul_overflow(e->count, x.insns, &ns) ? UINT64_MAX : ns);
}

/* Room for N bytes. */
static char *scratch(struct unsized *u, size_t n)
{
	if (n > u->cap_line) {
		u->cap_line = 2 * n;
		u->line = must_realloc(u->line, u->cap_line, 1);
	}
	return u->line;
}

void unsized_complete(struct unsized *u, const char **line, size_t *len)
{
	size_t head, tail, room = *len + 3 * NUM_MAX + 2;
	struct record_e e;
	const char *rest;
	char *p;

	if (u->sizes == SIZES_USUAL || !record_read_e(*line, *len, &e) || !record_is_unplaced(&e))
		return;		/* what is malformed its reader will say */
	scratch(u, room);
	head = (size_t)(e.size_text.s - *line);
	rest = e.times.s + e.times.n;
	tail = *len - (size_t)(rest - *line);
	memcpy(u->line, *line, head);
	p = put(u->line + head, &e, extent_of(u, &e, u->sizes), u->sizes == SIZES_EXACT);
	memcpy(p, rest, tail);
	*line = u->line;
	*len = (size_t)(p - u->line) + tail;
}

struct field unsized_block(struct unsized *u, struct field block, bool to)
{
	enum sizes sizes = to ? u->to_sizes : u->sizes;
	struct record_e e;
	char *p;

	if (sizes == SIZES_USUAL || !record_read_block(block, &e) || !record_is_unplaced(&e))
		return block;
	p = scratch(u, block.n + NUM_MAX);
	p = mempcpy(p, block.s, (size_t)(e.size_text.s - block.s));
	p = put_size(p, extent_of(u, &e, sizes), sizes == SIZES_EXACT);
	return (struct field){ u->line, (size_t)(p - u->line) };
}

bool unsized_check(const struct unsized *u)
{
	for (size_t i = 0; i < u->objects->n; i++)
		if (u->failed[i])
			return false;
	return true;
}
