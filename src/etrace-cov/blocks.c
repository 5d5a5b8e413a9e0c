/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds up E records by their block.
 * in:  E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>3<TAB>180, twice
 * out: fw.elf<TAB>40201a4c<TAB>12 has 6 and 360 ns
 */
#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "intern.h"
#include "num.h"
#include "readers.h"

struct blocks {
	struct intern *objects;	/* not owned */
	struct intern *seen;	/* by "in TAB start TAB size" as it stands in the record */
	struct block *block;
	size_t n, cap;
	struct intern *texts;
	bool seen_only;
};

struct blocks *blocks_new(struct intern *objects)
{
	struct blocks *b = must_calloc(1, sizeof *b);

	b->objects = objects;
	b->seen = intern_new();
	b->texts = intern_new();
	return b;
}

void blocks_free(struct blocks *b)
{
	intern_free(b->seen);
	intern_free(b->texts);
	free(b->block);
	free(b);
}

static uint32_t text(struct blocks *b, struct field f)
{
	bool fresh;

	return field_is(f, "-") ? NO_TEXT : intern_put(b->texts, f.s, f.n, &fresh);
}

uint32_t blocks_put_object(struct blocks *b, struct field name)
{
	bool fresh;

	return intern_put(b->objects, name.s, name.n, &fresh);
}

/* The object, or the token, of X. */
static void put_in(struct blocks *b, struct block *x, struct field in)
{
	x->in = blocks_put_object(b, in);
	x->guest = field_is(in, "-") || (in.n && *in.s == ':');
}

/* Notes in X the function and the line where etrace-sym has placed the block. */
static void put_place(struct blocks *b, struct block *x, struct field place, struct field line)
{
	const char *plus = memrchr(place.s, '+', place.n);

	x->off = 0;
	if (plus) {
		num_parse_dec(plus + 1, (size_t)(place.s + place.n - plus - 1), &x->off);
		place.n = (size_t)(plus - place.s);
	}
	x->func = text(b, place);
	x->line = text(b, line);
}

/* Makes room for the block with number ID, which is the next one, malformed still. */
static struct block *fresh_block(struct blocks *b, uint32_t id)
{
	GROW(b->block, b->n, b->cap);
	b->n = id + 1;
	b->block[id] = (struct block){ .func = NO_TEXT, .line = NO_TEXT, .there = NO_TEXT, .malformed = true };
	return &b->block[id];
}

/* The first E of a block: what etrace-sym appended is the same for all of them. */
static bool first(struct blocks *b, uint32_t id, const char *line, size_t len)
{
	struct block *x = fresh_block(b, id);
	struct record_e e;

	if (!record_read_e(line, len, &e))
		return false;
	put_in(b, x, e.in);
	x->start = e.start;
	x->size = e.size;
	x->bare = !e.place.n;
	if (!x->bare)
		put_place(b, x, e.place, e.line);
	x->malformed = false;
	return true;
}

bool blocks_find(struct blocks *b, struct field text, const char *line, size_t len, uint32_t *id)
{
	bool fresh;

	*id = intern_put(b->seen, text.s, text.n, &fresh);
	return fresh ? first(b, *id, line, len) : !b->block[*id].malformed;
}

/* The block NAME, which is new with the others if it was not seen before. */
static struct block *put_block(struct blocks *b, struct field name, struct field in, uint64_t start, uint64_t size,
			       bool *fresh, uint32_t *id)
{
	struct block *x;

	*id = intern_put(b->seen, name.s, name.n, fresh);
	if (!*fresh)
		return &b->block[*id];
	x = fresh_block(b, *id);
	put_in(b, x, in);
	x->start = start;
	x->size = size;
	x->malformed = false;
	return x;
}

uint32_t blocks_put_k(struct blocks *b, const struct record_k *k)
{
	uint32_t id;
	bool fresh;
	struct block *x = put_block(b, k->block, k->in, k->start, k->size, &fresh, &id);

	if (fresh)
		put_place(b, x, k->place, k->line);
	if (fresh && x->guest) {
		x->there = x->func;
		x->func = NO_TEXT;
	}
	return id;
}

uint32_t blocks_put_walked(struct blocks *b, const struct walk_block *w)
{
	uint32_t id;
	bool fresh;
	struct block *x = put_block(b, w->block, w->in, w->start, w->size, &fresh, &id);

	if (fresh)
		x->bare = !x->guest;	/* W says no place: in an object its lines are known all the same */
	return id;
}

bool blocks_have(const struct blocks *b, struct field text, uint32_t *id)
{
	return intern_find(b->seen, text.s, text.n, id) && !b->block[*id].malformed;
}

void blocks_count(struct blocks *b, uint32_t id, uint64_t count, uint64_t ns)
{
	struct block *x = &b->block[id];

	count_add_both(&x->count, count, &x->ns, ns);
}

bool blocks_add(struct blocks *b, const char *line, size_t len, const struct readers *readers)
{
	struct record_e e;
	uint64_t cpu;
	uint32_t id;

	if (!record_read_e(line, len, &e) || !blocks_find(b, e.block, line, len, &id))
		return false;
	b->seen_only |= !e.count_known;
	e.count = e.count_known ? e.count : 1;
	blocks_count(b, id, e.count, e.ns);
	if (readers && e.count && num_parse_dec(e.cpu.s, e.cpu.n, &cpu))
		readers_step(readers, cpu, id, e.count, e.ns);
	return true;
}

uint32_t blocks_put_placed(struct blocks *b, const struct record_p *p)
{
	char *placed = must_malloc(p->name.n + 1 + RECORD_ADDR_MAX + p->size_text.n), *end = placed;
	struct block *x;
	uint32_t id;
	bool fresh;

	end = mempcpy(end, p->name.s, p->name.n);
	*end++ = '\t';
	end = num_hex(end, p->linked);
	*end++ = '\t';
	end = mempcpy(end, p->size_text.s, p->size_text.n);
	id = intern_put(b->seen, placed, (size_t)(end - placed), &fresh);
	free(placed);
	if (!fresh)
		return id;
	x = fresh_block(b, id);
	put_in(b, x, p->name);
	x->start = p->linked;
	x->size = p->size;
	put_place(b, x, p->place, p->line);
	x->malformed = false;
	return id;
}

struct field blocks_object_name(const struct blocks *b, uint32_t in)
{
	struct field f;

	f.s = intern_text(b->objects, in, &f.n);
	return f;
}

struct field blocks_object(const struct blocks *b, const struct block *x)
{
	return blocks_object_name(b, x->in);
}

struct field blocks_name(const struct blocks *b, uint32_t id)
{
	struct field f;

	f.s = intern_text(b->seen, id, &f.n);
	return f;
}

bool blocks_seen_only(const struct blocks *b)
{
	return b->seen_only;
}

size_t blocks_n(const struct blocks *b)
{
	return b->n;
}

const struct block *blocks_get(const struct blocks *b, size_t i)
{
	return &b->block[i];
}

const char *blocks_text(const struct blocks *b, uint32_t t, size_t *len)
{
	return intern_text(b->texts, t, len);
}

/* The number in TO of the text with number ID in FROM. */
static uint32_t copy_text(struct intern *to, const struct intern *from, uint32_t id)
{
	size_t len;
	const char *s = intern_text(from, id, &len);
	bool fresh;

	return intern_put(to, s, len, &fresh);
}

uint32_t blocks_copy(struct blocks *to, const struct blocks *from, uint32_t id)
{
	const struct block *b = &from->block[id];
	uint32_t n = intern_count(to->seen), new = copy_text(to->seen, from->seen, id);
	struct block *x;

	if (new < n)
		return new;
	x = fresh_block(to, new);
	*x = *b;
	x->count = x->ns = 0;
	x->in = copy_text(to->objects, from->objects, b->in);
	x->func = b->func == NO_TEXT ? NO_TEXT : copy_text(to->texts, from->texts, b->func);
	x->there = NO_TEXT;
	x->line = b->line == NO_TEXT ? NO_TEXT : copy_text(to->texts, from->texts, b->line);
	return new;
}
