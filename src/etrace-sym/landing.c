/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the tables of call sites that functions with exceptions have (LSDA), which .eh_frame refers to, or .ARM.extab.
 *
 * in:  of a function at 4011d6: call site 9, 5 bytes, landing pad 18
 * out: at 4011ee, from [4011df,4011e4)
 *
 * Linux Standard Base Core 5.0, 10.6 (.eh_frame); Itanium C++ ABI: Exception Handling Tables; Exception Handling ABI
 * for the Arm Architecture, 6 and 7.
 */
#include "landing.h"

#include <stdlib.h>
#include <string.h>

#include "cursor.h"
#include "die.h"
#include "search.h"

struct pad {
	uint64_t at;
	struct range from;
};

struct landing {
	struct pad *pad;	/* by AT, then by FROM */
	size_t n, cap;
	struct range *range;	/* landing_at()'s */
	size_t n_range, cap_range;
};

/* What is read, and what it comes to. */
struct tables {
	const struct elf *e;
	struct loaded {
		uint64_t addr;
		const char *name;
		Elf_Data *data;
	} *section;		/* those that are loaded and have contents */
	size_t n, cap;
	uint64_t budget;	/* bytes of LSDAs that may still be read: broken tables refer to one many times */
	struct landing *to;
};

/* ---- sections ---- */

static void find_sections(struct tables *t)
{
	size_t names;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(t->e->elf, &names))
		return;
	for (Elf_Scn *s = NULL; (s = elf_nextscn(t->e->elf, s));) {
		const char *name = gelf_getshdr(s, &sh) ? elf_strptr(t->e->elf, names, sh.sh_name) : NULL;
		Elf_Data *d = name && sh.sh_flags & SHF_ALLOC && sh.sh_type != SHT_NOBITS ? elf_rawdata(s, NULL) : NULL;

		if (!d || !d->d_buf)
			continue;
		GROW(t->section, t->n, t->cap);
		t->section[t->n++] = (struct loaded){ sh.sh_addr, name, d };
		t->budget += d->d_size;
	}
}

static const struct loaded *section_named(const struct tables *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->section[i].name, name))
			return &t->section[i];
	return NULL;
}

/* The bytes [P, END) of S; P is in it. */
static struct cursor cursor_in(const struct tables *t, const struct loaded *s, const uint8_t *p, const uint8_t *end)
{
	uint64_t off = (uint64_t)(p - (const uint8_t *)s->data->d_buf);

	return (struct cursor){ p, end, s->addr + off, t->e->bits, t->e->big_endian, false };
}

/* What is loaded from ADDR on, to the end of its section. */
static struct cursor cursor_at(const struct tables *t, uint64_t addr)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct loaded *s = &t->section[i];
		const uint8_t *p = s->data->d_buf;

		if (addr - s->addr < s->data->d_size)
			return cursor_in(t, s, p + (addr - s->addr), p + s->data->d_size);
	}
	return (struct cursor){ .bad = true };
}

/* ---- call sites ---- */

static void add(struct landing *l, uint64_t at, uint64_t lo, uint64_t size)
{
	if (lo + size <= lo)
		return;
	GROW(l->pad, l->n, l->cap);
	l->pad[l->n++] = (struct pad){ at, { lo, lo + size } };
}

/*
 *	encoding of the base of landing pads, and the base, if it is not the function
 *	encoding of types, and uleb: where they are, if there are any
 *	encoding of call sites, uleb: bytes of their table, and that:
 *		start and length, relative to the function; landing pad, relative to its base, or 0; uleb: action
 */
static void read_lsda(struct tables *t, uint64_t func, struct cursor c)
{
	uint8_t encoding = (uint8_t)cursor_number(&c, 1);
	uint64_t base = encoding == PTR_OMIT ? func : cursor_pointer(&c, encoding, func), size;

	if (cursor_number(&c, 1) != PTR_OMIT)
		cursor_uleb(&c);
	encoding = (uint8_t)cursor_number(&c, 1);
	size = cursor_uleb(&c);
	if (c.bad || size > (uint64_t)(c.end - c.p) || size > t->budget)
		return;
	t->budget -= size;
	c.end = c.p + size;
	while (c.p < c.end) {
		uint64_t start = cursor_pointer(&c, encoding, func), len = cursor_pointer(&c, encoding, func);
		uint64_t pad = cursor_pointer(&c, encoding, func);

		cursor_uleb(&c);
		if (c.bad)
			return;
		if (pad)
			add(t->to, base + pad, func + start, len);
	}
}

/* ---- .eh_frame ---- */

/* How a CIE has its FDEs say where their function and its LSDA are. */
struct cie {
	uint64_t offset;	/* of the CIE */
	uint8_t function, lsda;	/* encodings; PTR_OMIT: there is none */
};

/* The letters of the augmentation say what its data is: z, that there is any; L, P and R: encodings. */
static struct cie read_cie(const struct tables *t, const struct loaded *s, const Dwarf_CIE *x, uint64_t offset)
{
	struct cie cie = { offset, 0, PTR_OMIT };
	const char *letter = x->augmentation;
	struct cursor c;

	if (*letter++ != 'z' || !x->augmentation_data)
		return cie;
	c = cursor_in(t, s, x->augmentation_data, x->augmentation_data + x->augmentation_data_size);
	for (; *letter; letter++) {
		if (*letter == 'L')
			cie.lsda = (uint8_t)cursor_number(&c, 1);
		else if (*letter == 'R')
			cie.function = (uint8_t)cursor_number(&c, 1);
		else if (*letter == 'P')
			cursor_pointer(&c, cursor_number(&c, 1) & 0x7f, 0);	/* 0x80: loaded from there */
		else if (*letter != 'S' && *letter != 'B')
			break;
	}
	if (c.bad)
		cie.lsda = PTR_OMIT;
	return cie;
}

static struct cie find_cie(const struct tables *t, const struct loaded *s, const uint8_t *ident, Dwarf_Off offset)
{
	Dwarf_CFI_Entry x;
	Dwarf_Off next;

	if (dwarf_next_cfi(ident, s->data, true, offset, &next, &x) || !dwarf_cfi_cie_p(&x))
		return (struct cie){ offset, 0, PTR_OMIT };
	return read_cie(t, s, &x.cie, offset);
}

/* Where the function begins, how many bytes it has, uleb: bytes of the rest; where its LSDA is. */
static void read_fde(struct tables *t, const struct loaded *s, const struct cie *cie, const Dwarf_FDE *x)
{
	struct cursor c = cursor_in(t, s, x->start, x->end);
	uint64_t func = cursor_pointer(&c, cie->function, 0), lsda;

	cursor_pointer(&c, cie->function & 0xf, 0);
	cursor_uleb(&c);
	lsda = cursor_pointer(&c, cie->lsda, func);
	if (!c.bad && lsda)
		read_lsda(t, func, cursor_at(t, lsda));
}

static void read_eh_frame(struct tables *t, const struct loaded *s)
{
	const uint8_t *ident = (const uint8_t *)elf_getident(t->e->elf, NULL);
	struct cie cie = { UINT64_MAX, 0, PTR_OMIT };
	Dwarf_CFI_Entry x;
	Dwarf_Off next;

	for (Dwarf_Off at = 0;; at = next) {
		int status;

		next = at;
		status = dwarf_next_cfi(ident, s->data, true, at, &next, &x);
		if (status > 0 || next <= at)
			return;
		if (status < 0 || dwarf_cfi_cie_p(&x))
			continue;
		if (x.fde.CIE_pointer != cie.offset)
			cie = find_cie(t, s, ident, x.fde.CIE_pointer);
		if (cie.lsda != PTR_OMIT)
			read_fde(t, s, &cie, &x.fde);
	}
}

/* ---- .ARM.exidx ---- */

/* What 31 bits say that are relative to where they are. */
static uint64_t prel31(struct cursor *c, uint32_t *word)
{
	uint64_t at = c->addr;

	*word = (uint32_t)cursor_number(c, 4);
	return (at + ((*word & 0x7fffffff) ^ 0x40000000) - 0x40000000) & UINT32_MAX;
}

/*
 * Entries of two words: where the function begins; where its entry in .ARM.extab is, or how to unwind it.  That one is
 * the personality routine, unless bit 31 says that it has a number; then as many words as the next one's
 * highest byte says, and that; then the LSDA.
 */
static void read_exidx(struct tables *t, const struct loaded *s)
{
	const uint8_t *p = s->data->d_buf;
	struct cursor c = cursor_in(t, s, p, p + s->data->d_size);

	while (c.p < c.end) {
		uint32_t word;
		uint64_t func = prel31(&c, &word), entry = prel31(&c, &word);
		struct cursor table = cursor_at(t, entry);

		if (c.bad || word == 1 || word >> 31 || cursor_number(&table, 4) >> 31)
			continue;
		for (uint64_t more = cursor_number(&table, 4) >> 24; more && !table.bad; more--)
			cursor_number(&table, 4);
		read_lsda(t, func, table);
	}
}

/* ---- all of them ---- */

static int by_pad(const void *a, const void *b)
{
	const struct pad *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->from.lo > y->from.lo) - (x->from.lo < y->from.lo);
}

struct landing *landing_read(const struct elf *e)
{
	struct landing *l = must_calloc(1, sizeof *l);
	struct tables t = { .e = e, .to = l };
	const struct loaded *s;

	if (e->is_rel)
		return l;
	find_sections(&t);
	s = section_named(&t, ".eh_frame");
	if (s)
		read_eh_frame(&t, s);
	s = e->machine == EM_ARM ? section_named(&t, ".ARM.exidx") : NULL;
	if (s)
		read_exidx(&t, s);
	free(t.section);
	if (l->n)
		qsort(l->pad, l->n, sizeof *l->pad, by_pad);
	return l;
}

void landing_free(struct landing *l)
{
	if (!l)
		return;
	free(l->pad);
	free(l->range);
	free(l);
}

const struct range *landing_at(struct landing *l, uint64_t addr, size_t *n)
{
	size_t i;

	l->n_range = 0;
	SEARCH(i, l->n, l->pad[i].at < addr);
	for (; i < l->n && l->pad[i].at == addr; i++) {
		struct range r = l->pad[i].from, *last = l->n_range ? &l->range[l->n_range - 1] : NULL;

		if (last && r.lo <= last->hi) {
			last->hi = r.hi > last->hi ? r.hi : last->hi;
			continue;
		}
		GROW(l->range, l->n_range, l->cap_range);
		l->range[l->n_range++] = r;
	}
	*n = l->n_range;
	return l->n_range ? l->range : NULL;
}
