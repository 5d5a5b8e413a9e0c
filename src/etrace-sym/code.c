/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the sections with code.
 * in:  drv.ko
 * out: .text at 0 of 1a4 bytes, .init.text at 1a8 of 30 bytes, what relocations change of both
 */
#include "code.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "search.h"

static struct section *add(struct elf *e, size_t *cap, const char *name, uint64_t addr, uint64_t size, uint64_t align)
{
	struct section *s;

	if (range_end(addr, addr + size) <= addr)
		return NULL;
	GROW(e->section, e->n_section, *cap);
	s = &e->section[e->n_section++];
	*s = (struct section){ .name = name ? name : "", .addr = addr, .size = size, .align = align ? align : 1 };
	return s;
}

static void add_sections(struct elf *e, size_t *cap)
{
	size_t names = 0, contents = 0;
	GElf_Shdr sh;

	elf_getshdrstrndx(e->elf, &names);
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(e->elf, scn));) {
		struct section *s;
		Elf_Data *data;

		if (!gelf_getshdr(scn, &sh)) {
			elf_complain(e, FAULT_HEADER, elf_errmsg(0));
			continue;
		}
		if (!(sh.sh_flags & SHF_ALLOC) || !(sh.sh_flags & SHF_EXECINSTR))
			continue;
		s = add(e, cap, elf_strptr(e->elf, names, sh.sh_name), sh.sh_addr, sh.sh_size, sh.sh_addralign);
		if (!s)
			continue;
		s->number = elf_ndxscn(scn);
		contents += sh.sh_type != SHT_NOBITS;
		data = sh.sh_type == SHT_NOBITS ? NULL : elf_rawdata(scn, NULL);
		if (data && data->d_size >= s->size)
			s->bytes = data->d_buf;
		if (e->is_rel)
			s->relocs = relocs_new(e->elf, s->number);
	}
	e->only_debug = e->n_section && !contents;
}

static void add_segment(struct elf *e, size_t *cap, const GElf_Phdr *ph)
{
	/* What comes after the bytes of the file is 0, and not code. */
	uint64_t size = ph->p_filesz && ph->p_filesz < ph->p_memsz ? ph->p_filesz : ph->p_memsz;
	struct section *s = add(e, cap, NULL, ph->p_vaddr, size, ph->p_align);
	Elf_Data *data;

	if (!s || !ph->p_filesz)
		return;
	data = elf_getdata_rawchunk(e->elf, (int64_t)ph->p_offset, s->size, ELF_T_BYTE);
	if (data)
		s->bytes = data->d_buf;
}

/* Segments, of which nothing is added where there are sections, which say more closely where code is. */
static void read_segments(struct elf *e, size_t *cap)
{
	bool by_section = e->n_section;
	GElf_Phdr ph;
	size_t n;

	e->load_code = UINT64_MAX;
	if (elf_getphdrnum(e->elf, &n)) {
		elf_complain(e, FAULT_HEADER, elf_errmsg(0));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(e->elf, (int)i, &ph)) {
			elf_complain(e, FAULT_HEADER, elf_errmsg(0));
			continue;
		}
		if (ph.p_type != PT_LOAD || !(ph.p_flags & PF_X))
			continue;
		e->load_code = ph.p_vaddr < e->load_code ? ph.p_vaddr : e->load_code;
		if (!by_section)
			add_segment(e, cap, &ph);
	}
}

static int by_addr(const void *a, const void *b)
{
	const struct section *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

void code_open(struct elf *e)
{
	size_t cap = 0;

	add_sections(e, &cap);
	read_segments(e, &cap);
	if (e->n_section)
		qsort(e->section, e->n_section, sizeof *e->section, by_addr);
	e->code = must_calloc(e->n_section + 1, sizeof *e->code);
	for (; e->n_code < e->n_section; e->n_code++) {
		const struct section *s = &e->section[e->n_code];

		e->code[e->n_code] = (struct range){ s->addr, range_end(s->addr, s->addr + s->size) };
	}
}

void code_close(struct elf *e)
{
	for (size_t i = 0; i < e->n_section; i++)
		relocs_free(e->section[i].relocs);
	free(e->section);
	free(e->code);
	free(e->symbol);
}

const struct section *code_sections(const struct elf *e, size_t *n)
{
	*n = e->n_section;
	return e->section;
}

const struct section *code_section(const struct elf *e, uint64_t addr)
{
	size_t i;

	SEARCH(i, e->n_section, e->code[i].hi <= addr);
	return i < e->n_section && addr >= e->section[i].addr ? &e->section[i] : NULL;
}

bool code_is_plt(const struct section *s)
{
	static const char *const names[] = { ".plt", ".iplt", ".init.plt", ".MIPS.stubs", ".glink" };

	if (!s)
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(s->name, names[i]))
			return true;
	return !strncmp(s->name, ".plt.", 5);
}

/* ---- symbols by name ---- */

struct code_symbol {
	const char *name;	/* libelf's */
	uint64_t addr;
	bool weak;
};

static void add_symbol(struct elf *e, size_t *cap, const GElf_Sym *s, const char *name)
{
	bool weak = GELF_ST_BIND(s->st_info) == STB_WEAK;
	uint64_t addr = s->st_value;
	GElf_Shdr sh;

	if (!name || s->st_shndx == SHN_UNDEF || (!weak && GELF_ST_BIND(s->st_info) != STB_GLOBAL))
		return;
	if (e->is_rel && s->st_shndx < SHN_LORESERVE && gelf_getshdr(elf_getscn(e->elf, s->st_shndx), &sh))
		addr += sh.sh_addr;
	GROW(e->symbol, e->n_symbol, *cap);
	e->symbol[e->n_symbol++] = (struct code_symbol){ name, addr, weak };
}

static int by_name(const void *a, const void *b)
{
	const struct code_symbol *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : x->weak - y->weak;
}

static void read_symbols(struct elf *e)
{
	size_t cap = 1;
	GElf_Shdr sh;
	GElf_Sym sym;

	e->symbol = must_malloc(sizeof *e->symbol);
	for (Elf_Scn *s = NULL; (s = elf_nextscn(e->elf, s));) {
		Elf_Data *data;

		if (!gelf_getshdr(s, &sh) || sh.sh_type != SHT_SYMTAB || !(data = elf_getdata(s, NULL)))
			continue;
		for (int i = 1; gelf_getsym(data, i, &sym); i++)
			add_symbol(e, &cap, &sym, elf_strptr(e->elf, sh.sh_link, sym.st_name));
	}
	qsort(e->symbol, e->n_symbol, sizeof *e->symbol, by_name);
}

bool code_symbol(struct elf *e, const char *name, uint64_t *addr)
{
	size_t i;

	if (!e->symbol)
		read_symbols(e);
	SEARCH(i, e->n_symbol, strcmp(e->symbol[i].name, name) < 0);
	if (i == e->n_symbol || strcmp(e->symbol[i].name, name))
		return false;
	*addr = e->symbol[i].addr;
	return true;
}
