/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Turns addresses of the guest into linked ones.
 * in:  prog, linked with code at 1000 to 1230, loaded 555555554000 higher; 555555555139
 * out: A<TAB>prog<TAB>555555555000<TAB>555555555230<TAB>1000, and prog's 1139
 */
#include "place.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code.h"
#include "die.h"
#include "layout.h"
#include "num.h"
#include "record.h"

struct places {
	struct place **place;	/* by origin, and then in the order in which they came */
	size_t n, cap;
	unsigned version;
	bool low_halves, low_half_said;
};

struct named place_parse(const char *name)
{
	struct named x = { .path = must_strdup(name) };
	char *at = strrchr(x.path, '@');

	x.placed = at && access(x.path, F_OK) && num_parse_hex(at + 1, strlen(at + 1), &x.bias);
	if (x.placed)
		*at = 0;
	return x;
}

struct places *places_new(void)
{
	return must_calloc(1, sizeof(struct places));
}

void places_free(struct places *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->place[i]->pages);
		free(p->place[i]);
	}
	free(p->place);
	free(p);
}

static struct place *add(struct places *p, const struct place *as)
{
	struct place *x = must_malloc(sizeof *x);
	size_t i;

	*x = *as;
	GROW(p->place, p->n, p->cap);
	for (i = p->n++; i && p->place[i - 1]->origin > x->origin; i--)
		p->place[i] = p->place[i - 1];
	p->place[i] = x;
	p->version++;
	return x;
}

static void move(struct places *p, struct place *x, uint64_t bias, bool nowhere)
{
	uint64_t lo = (x->linked + bias) & x->top;

	p->version += x->lo != lo || x->nowhere != nowhere;
	x->lo = lo;
	x->nowhere = nowhere;
}

/* A bias that has an upper half says that the guest of a 32-bit object has addresses of 64 bits. */
static uint64_t top_of(const struct object *ob, uint64_t bias)
{
	return ob->elf.bits == 32 && bias <= UINT32_MAX ? UINT32_MAX : UINT64_MAX;
}

/*
 * One place for all code that has the same upper half: between what is further apart there is too much that is
 * not the object's.
 */
void places_put_all(struct places *p, struct object *ob, enum origin origin, uint64_t bias)
{
	const struct elf *e = &ob->elf;
	struct place *x = NULL;

	for (size_t i = 0; i < e->n_code; i++) {
		const struct range *c = &e->code[i];

		if (!x || (x->linked ^ c->lo) >> 32)
			x = places_put(p, ob, origin, (struct guest){ c->lo + bias }, c->lo, 0);
		if (c->hi - x->linked > x->size)
			x->size = c->hi - x->linked;
	}
}

void places_add(struct places *p, struct object *ob, const struct named *as)
{
	if (!ob->elf.is_rel)
		places_put_all(p, ob, as->placed ? PLACE_SAID : PLACE_LINKED, as->bias);
	else if (as->placed)
		places_put_core(p, ob, (struct guest){ as->bias });
}

struct place *places_put(struct places *p, struct object *ob, enum origin origin, struct guest lo, uint64_t linked,
			 uint64_t size)
{
	uint64_t top = top_of(ob, lo.addr - linked);

	return add(p, &(struct place){
		.of = ob, .origin = origin, .lo = lo.addr & top, .size = size, .linked = linked, .top = top,
	});
}

void places_put_core(struct places *p, struct object *ob, struct guest at)
{
	uint64_t off = 0;
	size_t n;
	const struct section *s = code_sections(&ob->elf, &n);

	for (size_t i = 0; i < n; i++) {
		if (layout_is_apart(&s[i]))
			continue;
		off = layout_after(off, &s[i]);
		places_put(p, ob, PLACE_SAID, (struct guest){ at.addr + off }, s[i].addr, s[i].size);
		off += s[i].size;
	}
}

void places_unmap(struct places *p, struct guest lo, uint64_t hi)
{
	for (size_t i = 0; i < p->n; i++) {
		struct place *x = p->place[i];

		if (x->origin == PLACE_MAPPED && !x->nowhere && x->lo < hi && lo.addr < x->lo + x->size)
			move(p, x, x->lo - x->linked, true);
	}
}

bool place_is_said(const struct places *p, const struct object *ob)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->place[i]->of == ob && p->place[i]->origin == PLACE_SAID)
			return true;
	return false;
}

/* Moves the places of OB, or of all objects (NULL), that nobody said. */
static void move_all(struct places *p, const struct object *ob, uint64_t bias, bool nowhere)
{
	for (size_t i = 0; i < p->n; i++) {
		struct place *x = p->place[i];

		if (x->origin == PLACE_LINKED && (!ob || x->of == ob))
			move(p, x, bias, nowhere);
	}
}

void place_code(struct places *p, const struct object *ob, struct guest code)
{
	move_all(p, ob, code.addr - ob->elf.load_code, false);
}

void place_nowhere(struct places *p, const struct object *ob)
{
	move_all(p, ob, 0, true);
}

void place_low_halves(struct places *p, bool low)
{
	p->version += p->low_halves != low;
	p->low_halves = low;
}

void place_new_trace(struct places *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct place *x = p->place[i];

		x->first = x->last = 0;
		free(x->pages);
		x->pages = NULL;
		if (x->origin == PLACE_SAID || x->origin == PLACE_LINKED)
			p->place[n++] = x;
		else
			free(x);
	}
	p->version += n != p->n;
	p->n = n;
	move_all(p, NULL, 0, false);
	place_low_halves(p, false);
}

unsigned places_version(const struct places *p)
{
	return p->version;
}

struct place *const *places_all(const struct places *p, size_t *n)
{
	*n = p->n;
	return p->place;
}

/* The same in a space of addresses up to TOP. */
static bool holds(const struct place *x, uint64_t at, uint64_t top, uint64_t *addr)
{
	uint64_t off = (at - x->lo) & top;

	*addr = x->linked + off;
	return !x->nowhere && off < x->size && elf_is_code(&x->of->elf, *addr);
}

bool place_holds(const struct place *x, struct guest at, uint64_t *addr)
{
	return at.addr <= x->top && holds(x, at.addr, x->top, addr);
}

/*
 * Of a trace that cut addresses to their low halves: the place that has code at AT with some upper half, if there is
 * just one.
 */
static struct place *by_low_half(struct places *p, uint64_t at, uint64_t *addr)
{
	struct place *found = NULL;
	uint64_t full = 0, there;

	for (size_t i = 0; i < p->n; i++) {
		struct place *x = p->place[i];

		if (!holds(x, at, UINT32_MAX, &there))
			continue;
		if (found && x->lo + (there - x->linked) != full)
			return NULL;
		if (found)
			continue;
		found = x;
		*addr = there;
		full = x->lo + (there - x->linked);
	}
	if (found && full != at && !p->low_half_said) {
		warn("addresses in this trace have 32 bits, %s has 64: matching low halves (%llx is %llx)",
		     found->of->elf.path, (unsigned long long)at, (unsigned long long)full);
		p->low_half_said = true;
	}
	return found;
}

static struct place *find(struct places *p, uint64_t at, uint64_t *addr)
{
	struct place *x = p->low_halves && at <= UINT32_MAX ? by_low_half(p, at, addr) : NULL;

	for (size_t i = 0; i < p->n && !x; i++)
		if (place_holds(p->place[i], (struct guest){ at }, addr))
			x = p->place[i];
	return x;
}

struct linked place_find(struct places *p, struct guest at)
{
	uint64_t addr = 0;
	struct place *x = find(p, at.addr, &addr);

	return (struct linked){ x ? x->of : NULL, x ? addr : 0 };
}

/* A place that goes on after TOP, at 0, is two. */
static void put_a(struct out *o, const struct place *x, uint64_t lo, uint64_t top)
{
	uint64_t before = top - lo < x->size ? top - lo + 1 : x->size;
	struct field name = field_of(x->of->name);
	uint64_t hi = lo + before;	/* the last byte of 2^64 is in no range of elf.h's */

	record_put_a(o, &(struct record_a){ name, lo, hi == UINT64_MAX ? 0 : hi, x->linked });
	if (before < x->size)
		record_put_a(o, &(struct record_a){ name, 0, x->size - before, x->linked + before });
}

static void show(const struct places *p, struct place *x, struct out *o)
{
	uint64_t top = p->low_halves ? UINT32_MAX : x->top, lo = x->lo & top;

	if (!x->shown || x->shown_lo != lo)
		put_a(o, x, lo, top);
	x->shown = true;
	x->shown_lo = lo;
	x->of->ran = true;
}

struct linked place_executed(struct places *p, const struct blocks *b, uint32_t i, struct guest at, struct out *o)
{
	struct place *x;
	uint64_t addr = 0;

	if (i == NO_BLOCK || p->low_halves)
		x = find(p, at.addr, &addr);
	else if ((x = blocks_get(b, i)->at) != NULL)
		addr = x->linked + ((at.addr - x->lo) & x->top);
	if (!x)
		return (struct linked){ NULL, 0 };
	show(p, x, o);
	return (struct linked){ x->of, addr };
}

struct guest place_guest(const struct places *p, const struct object *ob, uint64_t addr)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct place *x = p->place[i];

		if (x->of == ob && addr - x->linked <= x->size)
			return (struct guest){ (x->lo + (addr - x->linked)) & x->top };
	}
	return (struct guest){ addr };
}
