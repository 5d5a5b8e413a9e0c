/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds relocations against what the guest's code has in their places.
 * in:  drv.ko's .init.text, 7f5e1000 higher; 94 00 12 30 at 7f5e1010, where drv.ko has a call of printk
 * out: it calls what vmlinux has as printk: one relocation that agrees
 */
#include "evidence.h"

/* Bytes of a block, that no relocation changed or one agrees with, if it is to tell anything. */
enum { MIN_BYTES = 8 };

/* How far from a section others of the same file are at the most, and what a loader puts between them. */
static const uint64_t FAR = 1u << 28;

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Whether ADDR, as far as MASK tells, is what the guest has of X's object at LINKED; one section says it of no other. */
static bool is_at(const struct place *x, uint64_t linked, uint64_t addend, uint64_t addr, uint64_t mask)
{
	return (!x->of->elf.is_rel || linked - x->linked < x->size) &&
	       !((x->lo + (linked - x->linked) + addend - addr) & mask);
}

/* A function or variable of another file: whether some file that is in the guest has it there. */
static void undefined(struct evidence *ev, const struct places *p, const struct reloc *r, uint64_t at, uint64_t addr,
		      uint64_t mask)
{
	size_t n;
	struct place *const *x = places_all(p, &n);
	bool known = false;
	uint64_t linked;

	for (size_t i = 0; i < n; i++) {
		if (!x[i]->last || !code_symbol(&x[i]->of->elf, r->undefined, &linked))
			continue;
		if (is_at(x[i], linked, (uint64_t)r->addend, addr, mask)) {
			ev->good++;
			return;
		}
		known |= linked - x[i]->linked < x[i]->size;
	}
	/* A call may go by a veneer that the loader made. */
	if (known && !(r->kind == RELOC_BRANCH && distance(at, addr) < FAR))
		ev->bad++;
}

/* A page may be the next one: low bits carry into it. */
static bool is_same_bias(const struct evidence_other *x, uint64_t bias, uint64_t mask)
{
	return x->mask == mask && distance(x->bias, bias) <= (mask & 0xfff ? 0 : 0x1000);
}

/* Section NUMBER would be BIAS higher, in the bits of MASK. */
static void other_section(struct evidence *ev, uint32_t number, uint64_t bias, uint64_t mask)
{
	size_t i;

	for (i = 0; i < ev->n_other; i++)
		if (ev->other[i].section == number && is_same_bias(&ev->other[i], bias, mask))
			break;
	if (i < ev->n_other)
		ev->other[i].votes++;
	else if (i < EVIDENCE_OTHER)
		ev->other[ev->n_other++] = (struct evidence_other){ number, 1, bias, mask };
}

void evidence_sum(struct evidence *ev)
{
	for (size_t i = 0; i < ev->n_other; i++) {
		struct evidence_other *x = &ev->other[i];
		unsigned most = 0, all = 0;

		for (size_t k = 0; k < ev->n_other; k++) {
			const struct evidence_other *y = &ev->other[k];

			if (y->section != x->section || y->mask != x->mask)
				continue;
			if (k < i)
				break;	/* summed before */
			all += y->votes;
			most = y->votes > most ? y->votes : most;
		}
		if (all) {
			ev->good += most - 1;
			ev->bad += all - most;
		}
	}
}

/* Something of the same file. */
static void defined(struct evidence *ev, struct evidence *all, const struct places *p, const struct object *ob, const struct section *s,
		    const struct reloc *r, uint64_t bias, uint64_t at, uint64_t addr, uint64_t mask)
{
	uint64_t linked = r->value + (uint64_t)r->addend;
	size_t n;
	struct place *const *x = places_all(p, &n);

	if (r->section == s->number) {
		if ((linked + bias - addr) & mask)
			ev->bad++;
		else
			ev->good++;
		return;
	}
	if (mask & ~(uint64_t)0xfff && distance(at, addr) > FAR) {
		ev->bad++;
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (x[i]->of == ob && is_at(x[i], r->value, (uint64_t)r->addend, addr, mask)) {
			ev->good++;
			return;
		}
	other_section(all, r->section, (addr - (linked & mask)) & mask, mask);
}

/* The block's own evidence in OF_IT; what is to be compared with that of other blocks goes to EV too. */
static void read_block(struct evidence *of_it, struct evidence *ev, const struct places *p, struct object *ob,
		       const struct section *s, uint64_t bias, uint64_t at, const uint8_t *code, size_t n)
{
	uint64_t off = at - bias - s->addr;
	size_t n_relocs = s->relocs ? relocs_n(s->relocs) : 0;

	of_it->bytes = n;
	for (size_t i = s->relocs ? relocs_after(s->relocs, off) : 0; i < n_relocs; i++) {
		struct reloc r = relocs_get(s->relocs, i);
		uint64_t addr, mask;

		if (r.off >= off + n)
			break;
		of_it->bytes -= r.bytes < of_it->bytes ? r.bytes : of_it->bytes;
		if (r.off < off || r.off + r.bytes > off + n ||
		    !reloc_refers(&r, ob->elf.machine, code + (r.off - off), bias + s->addr + r.off, &addr, &mask))
			continue;
		if (r.undefined)
			undefined(of_it, p, &r, bias + s->addr + r.off, addr, mask);
		else if (r.section)
			defined(of_it, ev, p, ob, s, &r, bias, bias + s->addr + r.off, addr, mask);
	}
}

bool evidence_add(struct evidence *ev, const struct places *p, struct object *ob, const struct section *s,
		  uint64_t bias, uint64_t at, const uint8_t *code, size_t n)
{
	struct evidence of_it = { .n_other = 0 }, all = *ev;

	read_block(&of_it, &all, p, ob, s, bias, at, code, n);
	if (of_it.bad > of_it.good || of_it.bytes + 4 * of_it.good < MIN_BYTES)
		return false;
	*ev = all;
	ev->good += of_it.good;
	ev->bad += of_it.bad;
	ev->bytes += of_it.bytes;
	return true;
}

bool evidence_allows(const struct places *p, struct object *ob, const struct section *s, uint64_t bias, uint64_t at,
		     const uint8_t *code, size_t n)
{
	struct evidence of_it = { .n_other = 0 }, ev = { .n_other = 0 };

	read_block(&of_it, &ev, p, ob, s, bias, at, code, n);
	return of_it.bad <= of_it.good;
}
