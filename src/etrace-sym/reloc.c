/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the relocations of a section.
 * in:  .rela.text: 14 R_AARCH64_CALL26 printk+0
 * out: the bytes [14,18) are changed, to refer to printk
 */
#include "reloc.h"

#include <stdlib.h>

#include "die.h"
#include "patchsite.h"
#include "refer.h"
#include "search.h"

/* ---- how many bytes a relocation changes ---- */

/* Types FROM to TO of a machine. */
struct width {
	uint16_t from, to;
	uint8_t bytes;
};

/* System V ABI, AMD64 supplement, 4.4.1. */
static const struct width x86_64[] = {
	{ 0, 0, 0 }, { 1, 1, 8 }, { 2, 5, 4 }, { 6, 8, 8 }, { 9, 11, 4 }, { 12, 13, 2 }, { 14, 15, 1 }, { 16, 18, 8 },
	{ 19, 23, 4 }, { 24, 25, 8 }, { 26, 26, 4 }, { 27, 31, 8 }, { 32, 32, 4 }, { 33, 33, 8 }, { 34, 34, 4 },
	{ 35, 35, 0 }, { 41, 42, 4 },
};
/* System V ABI, Intel386 supplement, 4.4. */
static const struct width i386[] = {
	{ 0, 0, 0 }, { 1, 19, 4 }, { 20, 21, 2 }, { 22, 23, 1 }, { 24, 39, 4 }, { 40, 40, 0 }, { 41, 41, 8 }, { 42, 43, 4 },
};
/* AAELF64, 5.7. */
static const struct width aarch64[] = {
	{ 0, 0, 0 }, { 256, 256, 0 }, { 257, 257, 8 }, { 258, 258, 4 }, { 259, 259, 2 }, { 260, 260, 8 }, { 261, 261, 4 },
	{ 262, 262, 2 }, { 263, 1023, 4 },
};
/* AAELF32, 5.6.1. */
static const struct width arm[] = {
	{ 0, 0, 0 }, { 1, 4, 4 }, { 5, 5, 2 }, { 6, 6, 4 }, { 7, 7, 2 }, { 8, 8, 1 }, { 9, 10, 4 }, { 11, 11, 2 },
	{ 52, 52, 2 }, { 102, 103, 2 }, { 12, 255, 4 },
};
/* RISC-V ELF psABI, 8.5.  R_RISCV_ALIGN and R_RISCV_RELAX are for linkers that make code shorter. */
static const struct width riscv[] = {
	{ 0, 0, 0 }, { 1, 1, 4 }, { 2, 2, 8 }, { 16, 17, 4 }, { 18, 19, 8 }, { 20, 32, 4 }, { 33, 33, 1 }, { 34, 34, 2 },
	{ 35, 35, 4 }, { 36, 36, 8 }, { 37, 37, 1 }, { 38, 38, 2 }, { 39, 39, 4 }, { 40, 40, 8 }, { 43, 43, 0 },
	{ 44, 46, 2 }, { 51, 51, 0 }, { 52, 54, 1 }, { 55, 55, 2 }, { 56, 57, 4 },
};
/* System V ABI, s390x supplement. */
static const struct width s390[] = {
	{ 0, 0, 0 }, { 1, 1, 1 }, { 2, 3, 2 }, { 4, 5, 4 }, { 6, 6, 2 }, { 7, 9, 4 }, { 13, 14, 4 }, { 15, 18, 2 },
	{ 19, 21, 4 }, { 22, 25, 8 }, { 26, 26, 4 }, { 27, 27, 2 }, { 30, 30, 2 }, { 33, 33, 2 }, { 57, 60, 4 },
};

static const struct {
	int machine;
	const struct width *of;
	size_t n;
} widths[] = {
	{ EM_X86_64, x86_64, sizeof x86_64 / sizeof *x86_64 },
	{ EM_386, i386, sizeof i386 / sizeof *i386 },
	{ EM_AARCH64, aarch64, sizeof aarch64 / sizeof *aarch64 },
	{ EM_ARM, arm, sizeof arm / sizeof *arm },
	{ EM_RISCV, riscv, sizeof riscv / sizeof *riscv },
	{ EM_S390, s390, sizeof s390 / sizeof *s390 },
};

static uint8_t width_of(int machine, uint32_t type)
{
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		for (size_t k = 0; widths[i].machine == machine && k < widths[i].n; k++)
			if (type >= widths[i].of[k].from && type <= widths[i].of[k].to)
				return widths[i].of[k].bytes;
	return 8;	/* no field is longer */
}

/* ---- reading ---- */

/* One of them, and what of it is needed to find it. */
struct entry {
	uint64_t off;
	uint32_t i;		/* in TABLE */
	uint8_t bytes, table;
};

enum { TABLES = 4, PATCHED = TABLES };	/* PATCHED: a site that is patched, rather than relocated */

struct relocs {
	Elf *elf;
	size_t number;
	int machine;
	bool read;
	struct table {
		Elf_Data *data, *symbols;
		bool has_addend;
		size_t strings;
	} table[TABLES];
	size_t n_table;
	struct entry *entry;	/* by offset */
	size_t n, cap;
	uint8_t widest;
};

struct relocs *relocs_new(Elf *elf, size_t number)
{
	struct relocs *r = must_calloc(1, sizeof *r);
	GElf_Ehdr eh;

	r->elf = elf;
	r->number = number;
	r->machine = gelf_getehdr(elf, &eh) ? eh.e_machine : EM_NONE;
	return r;
}

void relocs_free(struct relocs *r)
{
	if (r)
		free(r->entry);
	free(r);
}

static bool get(const struct table *t, size_t i, GElf_Rela *x)
{
	GElf_Rel rel;

	if (t->has_addend)
		return gelf_getrela(t->data, (int)i, x);
	if (!gelf_getrel(t->data, (int)i, &rel))
		return false;
	*x = (GElf_Rela){ .r_offset = rel.r_offset, .r_info = rel.r_info };
	return true;
}

static int by_off(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->table != y->table ? x->table - y->table : (x->i > y->i) - (x->i < y->i);
}

static void read_table(struct relocs *r, size_t n)
{
	bool sorted = true;
	GElf_Rela x;

	for (size_t i = 0; i < n && get(&r->table[r->n_table], i, &x); i++) {
		struct entry *e;

		GROW(r->entry, r->n, r->cap);
		e = &r->entry[r->n++];
		*e = (struct entry){ x.r_offset, (uint32_t)i, width_of(r->machine, (uint32_t)GELF_R_TYPE(x.r_info)),
				     (uint8_t)r->n_table };
		r->widest = e->bytes > r->widest ? e->bytes : r->widest;
		sorted &= r->n < 2 || by_off(e - 1, e) < 0;
	}
	if (!sorted)
		qsort(r->entry, r->n, sizeof *r->entry, by_off);
	r->n_table++;
}

static void add_site(void *relocs, uint64_t off, uint8_t bytes)
{
	struct relocs *r = relocs;

	GROW(r->entry, r->n, r->cap);
	r->entry[r->n++] = (struct entry){ off, 0, bytes, PATCHED };
	r->widest = bytes > r->widest ? bytes : r->widest;
}

static void read_sites(struct relocs *r)
{
	size_t n = r->n;

	patchsites(r->elf, r->number, add_site, r);
	if (r->n > n)
		qsort(r->entry, r->n, sizeof *r->entry, by_off);
}

static void read_all(struct relocs *r)
{
	GElf_Shdr sh, symbols;

	if (r->read)
		return;
	r->read = true;
	for (Elf_Scn *s = NULL; (s = elf_nextscn(r->elf, s)) && r->n_table < TABLES;) {
		struct table *t = &r->table[r->n_table];
		Elf_Scn *syms;

		if (!gelf_getshdr(s, &sh) || (sh.sh_type != SHT_REL && sh.sh_type != SHT_RELA) ||
		    sh.sh_info != r->number || !sh.sh_entsize)
			continue;
		syms = elf_getscn(r->elf, sh.sh_link);
		t->data = elf_getdata(s, NULL);
		t->symbols = elf_getdata(syms, NULL);
		t->has_addend = sh.sh_type == SHT_RELA;
		t->strings = gelf_getshdr(syms, &symbols) ? symbols.sh_link : 0;
		if (t->data)
			read_table(r, t->data->d_size / sh.sh_entsize);
	}
	read_sites(r);
}

size_t relocs_n(struct relocs *r)
{
	if (!r)
		return 0;
	read_all(r);
	return r->n;
}

/* Says in X what the symbol NUMBER is. */
static void refer(const struct relocs *r, const struct table *t, size_t number, struct reloc *x)
{
	GElf_Sym sym;
	GElf_Shdr sh;
	Elf32_Word section = 0;

	if (!number || !gelf_getsymshndx(t->symbols, NULL, (int)number, &sym, &section))
		return;
	if (sym.st_shndx == SHN_UNDEF) {
		x->undefined = elf_strptr(r->elf, t->strings, sym.st_name);
		return;
	}
	x->value = sym.st_value;
	if (sym.st_shndx >= SHN_LORESERVE)
		return;
	if (gelf_getshdr(elf_getscn(r->elf, sym.st_shndx), &sh)) {
		x->section = sym.st_shndx;
		x->value += sh.sh_addr;
	}
}

struct reloc relocs_get(struct relocs *r, size_t i)
{
	const struct entry *e = &r->entry[i];
	struct reloc x = { .off = e->off, .bytes = e->bytes };
	const struct table *t;
	GElf_Rela rela;

	if (e->table == PATCHED)
		return x;
	t = &r->table[e->table];
	x.has_addend = t->has_addend;
	if (!get(t, e->i, &rela))
		return x;
	x.type = (uint32_t)GELF_R_TYPE(rela.r_info);
	x.kind = refer_kind(r->machine, x.type);
	x.addend = rela.r_addend;
	refer(r, t, GELF_R_SYM(rela.r_info), &x);
	return x;
}

size_t relocs_after(struct relocs *r, uint64_t off)
{
	size_t n = relocs_n(r), i;

	if (!n)
		return 0;
	/* Ends need not be in order, but are not far from the offsets, which are. */
	SEARCH(i, n, r->entry[i].off + r->widest <= off);
	while (i < n && r->entry[i].off + r->entry[i].bytes <= off)
		i++;
	return i;
}

bool relocs_change(struct relocs *r, uint64_t off, size_t n)
{
	size_t all = relocs_n(r);

	for (size_t i = relocs_after(r, off); i < all && r->entry[i].off < off + n; i++)
		if (r->entry[i].off + r->entry[i].bytes > off)
			return true;
	return false;
}
