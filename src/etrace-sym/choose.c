/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of several places a block is in: the one whose object has its bytes.
 * in:  a block at 401000; prog and other, which both have code there
 * out: other, whose bytes they are
 */
#include "place.h"

#include "code.h"
#include "die.h"
#include "evidence.h"

enum { PAGE_SHIFT = 12, PAGE = 1 << PAGE_SHIFT };

enum match place_compare(const struct place *x, const struct blocks *b, uint32_t i)
{
	const struct block *bl = blocks_get(b, i);
	uint64_t addr;

	if (!place_holds(x, (struct guest){ bl->start }, &addr))
		return MATCH_UNKNOWN;
	return match_code(&x->of->elf, addr, blocks_code(b, bl), bl->size, x->lo - x->linked);
}

/* How far block I is in time from the blocks that were found in X. */
static uint32_t apart(const struct place *x, uint32_t i)
{
	if (!x->last)
		return UINT32_MAX;
	return i + 1 < x->first ? x->first - i - 1 : i + 1 > x->last ? i + 1 - x->last : 0;
}

/* Of two places that have the code of block I, the one whose blocks are the nearest in time. */
static bool is_better(const struct place *x, const struct place *than, uint32_t i)
{
	if (!than || x->origin < PLACE_FOUND || than->origin < PLACE_FOUND)
		return !than || x->origin < than->origin;
	if (apart(x, i) != apart(than, i))
		return apart(x, i) < apart(than, i);
	return x->last > than->last;
}

/* The number of the page of X that AT is in. */
static uint64_t page_of(const struct place *x, uint64_t at)
{
	return (((at - x->lo) & x->top) + x->lo % PAGE) >> PAGE_SHIFT;
}

static void found_here(struct place *x, uint32_t i, const struct block *bl)
{
	uint64_t page = page_of(x, bl->start);

	if (!x->last || i + 1 < x->first)
		x->first = i + 1;
	if (i + 1 > x->last)
		x->last = i + 1;
	if (!object_patches_itself(x->of))
		return;
	if (!x->pages)
		x->pages = must_calloc((x->size >> PAGE_SHIFT) / 8 + 2, sizeof *x->pages);
	x->pages[page / 8] |= (uint8_t)(1u << page % 8);
}

/* Whether the page of X that BL, which has other bytes, is in is X's: so the block was patched. */
static bool is_patched(const struct place *x, const struct block *bl)
{
	uint64_t page = page_of(x, bl->start);

	return x->pages && x->pages[page / 8] >> page % 8 & 1;
}

/* Whether what relocations changed in block BL, which is at ADDR of X's object, may be so. */
static bool is_allowed(const struct places *p, const struct place *x, uint64_t addr, const struct blocks *b,
		       const struct block *bl)
{
	const struct section *s = x->of->elf.is_rel ? code_section(&x->of->elf, addr) : NULL;

	return !s || evidence_allows(p, x->of, s, x->lo - x->linked, bl->start, blocks_code(b, bl), bl->size);
}

/* Whether X is where its object was linked, and that has other code at AT, as is known now. */
static bool is_overtaken(struct place *const *all, size_t n, const struct place *x, struct guest at)
{
	uint64_t addr;

	for (size_t i = 0; x->origin == PLACE_LINKED && i < n && all[i]->origin < PLACE_LINKED; i++)
		if (all[i]->of == x->of && place_holds(all[i], at, &addr))
			return true;
	return false;
}

void place_block(struct places *p, struct blocks *b, uint32_t i)
{
	struct block *bl = blocks_get(b, i);
	const struct guest at = { bl->start };
	struct place *equal = NULL, *other = NULL, *similar = NULL;
	size_t n;
	struct place *const *all = places_all(p, &n);
	uint64_t addr;

	for (size_t k = 0; k < n; k++) {
		struct place *x = all[k];
		enum match m;

		if (!place_holds(x, at, &addr) || is_overtaken(all, n, x, at))
			continue;
		m = match_code(&x->of->elf, addr, blocks_code(b, bl), bl->size, x->lo - x->linked);
		if (m == MATCH_EQUAL && !is_allowed(p, x, addr, b, bl))
			m = MATCH_OTHER;
		if (m == MATCH_EQUAL && is_better(x, equal, i))
			equal = x;
		else if (!other && ((x->origin == PLACE_SAID && !x->of->elf.is_rel) || m == MATCH_UNKNOWN))
			other = x;
		else if (!similar && object_patches_itself(x->of) && (m == MATCH_SIMILAR || (m == MATCH_OTHER && is_patched(x, bl))))
			similar = x;
	}
	bl->at = equal ? equal : other ? other : similar;
	if (equal)
		found_here(equal, i, bl);
}

void place_again(struct places *p, struct blocks *b, const struct object *ob)
{
	for (uint32_t i = 0; i < blocks_n(b); i++) {
		const struct place *at = blocks_get(b, i)->at;

		if (at && at->of == ob && at->origin == PLACE_LINKED)
			place_block(p, b, i);
	}
}
