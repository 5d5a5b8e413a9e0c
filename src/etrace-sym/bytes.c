/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares T records with ELF files.
 * in:  T<TAB>0<TAB>:8f21c0a4<TAB>40200800<TAB>40200800<TAB>a00038d5<TAB>-
 * out: one more block that is as fw.elf has it
 */
#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"

enum { MIN_OTHER = 4, MAX_SHARE = 4 };

struct bytes {
	struct places *places;
	const struct objects *objects;
	struct compared {
		uint64_t blocks, other;	/* compared; of these, those whose bytes differ */
		struct range section;	/* the last one */
		const uint8_t *code;	/* what it holds; NULL: nothing */
	} *of;			/* by object */
};

struct bytes *bytes_new(const struct objects *objects, struct places *places)
{
	struct bytes *b = must_calloc(1, sizeof *b);

	b->objects = objects;
	b->places = places;
	b->of = must_calloc(objects->n, sizeof *b->of);
	return b;
}

void bytes_free(struct bytes *b)
{
	free(b->of);
	free(b);
}

/* Has C->section be the one that ADDR is in.  False if none has contents there. */
static bool find_section(struct compared *c, const struct elf *e, uint64_t addr)
{
	size_t n;

	if (c->code && addr >= c->section.lo && addr < c->section.hi)
		return true;
	c->code = elf_code(e, addr, &c->section.lo, &n);
	if (c->code)
		c->section.hi = range_end(c->section.lo, c->section.lo + n);
	return c->code;
}

void bytes_compare(struct bytes *b, const struct tb *tb)
{
	struct linked at = place_find(b->places, tb->addr);
	struct compared *c;
	uint64_t n;

	if (!at.in || !tb->n)
		return;
	c = &b->of[at.in - b->objects->of];
	if (!find_section(c, &at.in->elf, at.addr))
		return;
	n = c->section.hi - at.addr < tb->n ? c->section.hi - at.addr : tb->n;
	c->blocks++;
	c->other += memcmp(c->code + (at.addr - c->section.lo), tb->code, n) != 0;
}

bool bytes_check(const struct bytes *b)
{
	bool ok = true;

	for (size_t i = 0; i < b->objects->n; i++) {
		const struct compared *c = &b->of[i];
		const char *path = b->objects->of[i].elf.path;

		if (c->other < MIN_OTHER || c->other <= c->blocks / MAX_SHARE || b->objects->of[i].blamed)
			continue;
		ok = false;
		warn("%s: %llu of %llu blocks that ran at its addresses hold other code: it is not what ran there, or "
		     "not all that did; give the ELF file of the build that ran, or say where it was loaded, %s@BIAS",
		     path, (unsigned long long)c->other, (unsigned long long)c->blocks, path);
	}
	return ok;
}
