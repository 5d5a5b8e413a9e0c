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

#include "die.h"
#include "num.h"
#include "record.h"

struct place {
	struct object *of;
	uint64_t lo, size;	/* of the guest */
	uint64_t linked;	/* what is at lo */
	uint64_t top;		/* the highest address of the guest, where it wraps */
	bool by_user, nowhere;
	bool shown;		/* an A record said that it is at: */
	uint64_t shown_lo;
};

struct places {
	struct place *place;	/* where two overlap, the first is taken */
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
	free(p->place);
	free(p);
}

static void move(struct places *p, struct place *x, uint64_t bias, bool nowhere)
{
	uint64_t lo = (x->linked + bias) & x->top;

	p->version += x->lo != lo || x->nowhere != nowhere;
	x->lo = lo;
	x->nowhere = nowhere;
}

/*
 * One place for all code that has the same upper half: between what is further apart there is too much that is
 * not the object's.  A bias that has one says that the guest of a 32-bit object has addresses of 64 bits.
 */
void places_add(struct places *p, struct object *ob, const struct named *as)
{
	const struct elf *e = &ob->elf;
	struct place *x = NULL;

	for (size_t i = 0; i < e->n_code; i++) {
		const struct range *c = &e->code[i];

		if (!x || (x->linked ^ c->lo) >> 32) {
			GROW(p->place, p->n, p->cap);
			x = &p->place[p->n++];
			*x = (struct place){
				.of = ob, .linked = c->lo, .by_user = as->placed,
				.top = e->bits == 32 && as->bias <= UINT32_MAX ? UINT32_MAX : UINT64_MAX,
			};
			move(p, x, as->bias, false);
		}
		if (c->hi - x->linked > x->size)
			x->size = c->hi - x->linked;
	}
}

bool place_is_said(const struct places *p, const struct object *ob)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->place[i].of == ob && p->place[i].by_user)
			return true;
	return false;
}

/* Moves all places of OB, or of all objects (NULL), that the user did not say. */
static void move_all(struct places *p, const struct object *ob, uint64_t bias, bool nowhere)
{
	for (size_t i = 0; i < p->n; i++) {
		struct place *x = &p->place[i];

		if (!x->by_user && (!ob || x->of == ob))
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
	move_all(p, NULL, 0, false);
	place_low_halves(p, false);
}

unsigned places_version(const struct places *p)
{
	return p->version;
}

/* Whether X has code at AT, in a space of addresses up to TOP; *ADDR is then where it was linked. */
static bool holds(const struct place *x, uint64_t at, uint64_t top, uint64_t *addr)
{
	uint64_t off = (at - x->lo) & top;

	*addr = x->linked + off;
	return !x->nowhere && off < x->size && elf_is_code(&x->of->elf, *addr);
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
		struct place *x = &p->place[i];

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
		if (at <= p->place[i].top && holds(&p->place[i], at, p->place[i].top, addr))
			x = &p->place[i];
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

struct linked place_block(struct places *p, struct guest at, struct out *o)
{
	uint64_t addr = 0, lo, top;
	struct place *x = find(p, at.addr, &addr);

	if (!x)
		return (struct linked){ NULL, 0 };
	top = p->low_halves ? UINT32_MAX : x->top;
	lo = x->lo & top;
	if (!x->shown || x->shown_lo != lo)
		put_a(o, x, lo, top);
	x->shown = true;
	x->shown_lo = lo;
	x->of->ran = true;
	return (struct linked){ x->of, addr };
}

struct guest place_guest(const struct places *p, const struct object *ob, uint64_t addr)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct place *x = &p->place[i];

		if (x->of == ob && addr - x->linked <= x->size)
			return (struct guest){ (x->lo + (addr - x->linked)) & x->top };
	}
	return (struct guest){ addr };
}
