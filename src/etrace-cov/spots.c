/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps A records.
 * in:  A<TAB>fw.elf<TAB>ffffb2c01000<TAB>ffffb2c09000<TAB>40201000; the guest's address ffffb2c01a48
 * out: 40201a48 of fw.elf
 */
#include "spots.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "record.h"

struct spots {
	struct blocks *blocks;	/* not owned */
	struct place {
		uint64_t lo, hi, linked;
		uint32_t in;
	} *place;		/* A records, the last one last */
	size_t n_place, cap_place;
};

struct spots *spots_new(struct blocks *blocks)
{
	struct spots *s = must_calloc(1, sizeof *s);

	s->blocks = blocks;
	return s;
}

void spots_free(struct spots *s)
{
	free(s->place);
	free(s);
}

bool spots_a(struct spots *s, const char *line, size_t len)
{
	struct record_a a;
	if (!record_read_a(line, len, &a))
		return false;
	GROW(s->place, s->n_place, s->cap_place);
	s->place[s->n_place++] = (struct place){ a.lo, a.hi, a.linked,
						 blocks_put_object(s->blocks, a.name) };
	return true;
}

struct spot spots_translate(const struct spots *s, struct spot x)
{
	if (x.in != SPOT_GUEST)
		return x;
	for (size_t i = s->n_place; i--;) {
		const struct place *p = &s->place[i];

		if (x.addr - p->lo < p->hi - p->lo)
			return (struct spot){ x.addr - p->lo + p->linked, p->in };
	}
	return x;
}

bool spots_same(const struct spots *s, struct spot a, struct spot b)
{
	if (a.in != b.in) {
		a = spots_translate(s, a);
		b = spots_translate(s, b);
	}
	return a.addr == b.addr && a.in == b.in;
}

struct spot_key spot_key(struct spot s)
{
	struct spot_key k;

	memcpy(k.s, &s.addr, sizeof s.addr);
	memcpy(k.s + sizeof s.addr, &s.in, sizeof s.in);
	return k;
}
