/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the tables of what Linux patches.
 * in:  drv.ko, whose .rela__mcount_loc refers to .text+10
 * out: in .text, the 5 bytes at 10
 *
 * Linux 6.1: arch/x86/kernel/vmlinux.lds.S, include/asm-generic/vmlinux.lds.h; struct alt_instr in
 * arch/x86/include/asm/alternative.h and arch/arm64/include/asm/alternative.h.
 */
#include "patchsite.h"

#include <string.h>

/* A table, whose entries refer to sites of so many bytes, or say how many in a byte that is so far from the reference. */
struct table {
	const char *name;
	uint8_t bytes, length_at;
	uint8_t entry;		/* bytes of an entry, whose first reference alone is to a site; 0: all are */
	int machine;		/* EM_NONE: any */
};

static const struct table tables[] = {
	{ "__mcount_loc", 5, 0, 0, EM_X86_64 },
	{ "__mcount_loc", 4, 0, 0, EM_NONE },
	{ "__patchable_function_entries", 8, 0, 0, EM_NONE },
	{ "__jump_table", 5, 0, 16, EM_X86_64 },
	{ "__jump_table", 4, 0, 16, EM_NONE },
	{ ".altinstructions", 0, 10, 0, EM_NONE },
	{ ".alternative", 0, 10, 0, EM_NONE },
	{ ".parainstructions", 0, 9, 0, EM_X86_64 },
	{ ".retpoline_sites", 6, 0, 0, EM_X86_64 },
	{ ".return_sites", 5, 0, 0, EM_X86_64 },
	{ ".call_sites", 5, 0, 0, EM_X86_64 },
	{ ".static_call_sites", 5, 0, 0, EM_X86_64 },
	{ ".ibt_endbr_seal", 4, 0, 0, EM_X86_64 },
	{ ".smp_locks", 1, 0, 0, EM_X86_64 },
};

static const struct table *find(Elf *elf, const GElf_Shdr *sh, int machine)
{
	size_t names;
	const char *name = elf_getshdrstrndx(elf, &names) ? NULL : elf_strptr(elf, names, sh->sh_name);

	for (size_t i = 0; name && i < sizeof tables / sizeof *tables; i++)
		if (!strcmp(tables[i].name, name) && (tables[i].machine == EM_NONE || tables[i].machine == machine))
			return &tables[i];
	return NULL;
}

static int machine_of(Elf *elf)
{
	GElf_Ehdr eh;

	return gelf_getehdr(elf, &eh) ? eh.e_machine : EM_NONE;
}

bool patchsites_any(Elf *elf)
{
	int machine = machine_of(elf);
	GElf_Shdr sh;

	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));)
		if (gelf_getshdr(s, &sh) && find(elf, &sh, machine))
			return true;
	return false;
}

/* Its length as the entry says it that the reference at OFF is in. */
static uint8_t length(const struct table *t, Elf_Scn *table, uint64_t off)
{
	Elf_Data *d = elf_rawdata(table, NULL);

	if (!t->length_at)
		return t->bytes;
	return d && d->d_buf && off + t->length_at < d->d_size ? ((uint8_t *)d->d_buf)[off + t->length_at] : 0;
}

struct section_sites {
	size_t number;
	void (*site)(void *arg, uint64_t off, uint8_t bytes);
	void *arg;
};

/* The relocations RELA, of SH, of the table T. */
static void read_relocations(Elf *elf, Elf_Scn *rela, const GElf_Shdr *sh, const struct table *t,
			     const struct section_sites *to)
{
	Elf_Data *data = elf_getdata(rela, NULL), *symbols = elf_getdata(elf_getscn(elf, sh->sh_link), NULL);
	GElf_Rela x;
	GElf_Sym sym;

	for (size_t i = 0; data && symbols && gelf_getrela(data, (int)i, &x); i++) {
		uint8_t n;

		if (!gelf_getsym(symbols, (int)GELF_R_SYM(x.r_info), &sym) || sym.st_shndx != to->number ||
		    (t->entry && x.r_offset % t->entry))
			continue;
		n = length(t, elf_getscn(elf, sh->sh_info), x.r_offset);
		if (n)
			to->site(to->arg, sym.st_value + (uint64_t)x.r_addend, n);
	}
}

void patchsites(Elf *elf, size_t number, void (*site)(void *arg, uint64_t off, uint8_t bytes), void *arg)
{
	const struct section_sites to = { number, site, arg };
	int machine = machine_of(elf);
	GElf_Shdr sh, of;

	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		const struct table *t;

		if (!gelf_getshdr(s, &sh) || sh.sh_type != SHT_RELA ||
		    !gelf_getshdr(elf_getscn(elf, sh.sh_info), &of) || (t = find(elf, &of, machine)) == NULL)
			continue;
		read_relocations(elf, s, &sh, t, &to);
	}
}
