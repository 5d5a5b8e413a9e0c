/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads symbol tables.
 * in:  40201824 T on_sync, 40201825 t on_sync_alias, 40201830 n $x
 * out: [40201824, 40201894) on_sync
 */
#include "symtab.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "search.h"

/*
 * Mapping symbols: $a, $t, $d, $x, alone or with a suffix from '.'; RISC-V also writes the ISA
 * after $x (AAELF32 5.5.5, AAELF64 5.7, RISC-V ELF psABI 8.4.1).
 */
static char mapping_kind(const struct elf *e, const char *name)
{
	bool riscv = e->machine == EM_RISCV;

	if (e->machine != EM_ARM && e->machine != EM_AARCH64 && !riscv)
		return 0;
	if (name[0] != '$' || !name[1] || !strchr("atdx", name[1]))
		return 0;
	if (name[2] && name[2] != '.' && !(riscv && name[1] == 'x'))
		return 0;
	return name[1];
}

/*
 * Of several names for one address: a function rather than a label, one with a size, a global one
 * rather than a local one and that rather than a weak one, with few leading underscores.
 */
static uint8_t rank(const GElf_Sym *s, const char *name)
{
	unsigned underscores = (unsigned)strspn(name, "_");
	unsigned bind = GELF_ST_BIND(s->st_info);

	return (uint8_t)((GELF_ST_TYPE(s->st_info) != STT_NOTYPE ? 128 : 0) | (s->st_size ? 64 : 0) |
			 (bind == STB_GLOBAL ? 32 : bind == STB_LOCAL ? 16 : 0) |
			 (15 - (underscores < 15 ? underscores : 15)));
}

/*
 * How far a function's local entry is from its global one, which loads the pointer to the table of addresses
 * (64-Bit ELF V2 ABI for Power, 3.4.1; for Alpha, <elf.h>).
 */
static uint8_t local_entry(const struct elf *e, const GElf_Sym *s)
{
	if (e->machine == EM_PPC64)
		return (uint8_t)PPC64_LOCAL_ENTRY_OFFSET(s->st_other);
	if (e->machine == EM_ALPHA && (s->st_other & STO_ALPHA_STD_GPLOAD) == STO_ALPHA_STD_GPLOAD)
		return 8;
	return 0;
}

static bool is_function(const GElf_Sym *s, const char *name)
{
	unsigned type = GELF_ST_TYPE(s->st_info);

	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return false;
	/* .L labels are the assembler's own; RISC-V's linker relaxation leaves thousands of them. */
	return *name && strncmp(name, ".L", 2);
}

static int by_addr(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

static int by_mode_addr(const void *a, const void *b)
{
	uint64_t x = ((const struct mode *)a)->addr, y = ((const struct mode *)b)->addr;

	return (x > y) - (x < y);
}

/*
 * Leaves one symbol an address, drops labels inside a function that has a size, and ends each
 * where the next begins if it has no size of its own or reaches into that.
 */
static void settle(struct symtab *t, const struct elf *e)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct symbol s = t->sym[i], *last = n ? &t->sym[n - 1] : NULL;

		if (last && (s.addr == last->addr || (!(s.rank & 128) && last->sized && s.addr < last->end)))
			continue;
		if (last && (last->end > s.addr || !last->sized))
			last->end = s.addr;
		if (!s.sized)
			s.end = elf_code_end(e, s.addr);
		t->sym[n++] = s;
	}
	t->n = n;
	/* What has no size does not reach beyond its section. */
	for (size_t i = 0; i < n; i++)
		if (!t->sym[i].sized && t->sym[i].end > elf_code_end(e, t->sym[i].addr))
			t->sym[i].end = elf_code_end(e, t->sym[i].addr);
}

/*
 * How many symbols the section headers say there are.  libdwfl takes those that a dynamic linker needs
 * where the symbol table cannot be read.
 */
static uint64_t symbols_said(Elf *elf)
{
	uint64_t n = 0;
	GElf_Shdr sh;

	for (Elf_Scn *s = NULL; elf && (s = elf_nextscn(elf, s));)
		if (gelf_getshdr(s, &sh) && sh.sh_type == SHT_SYMTAB)
			n = sh.sh_size / gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
	return n;
}

/* The number of symbols; whether all that there are can be read is noted. */
static int count_symbols(const struct elf *e)
{
	int n = dwfl_module_getsymtab(e->mod);
	const char *why = n < 0 ? dwfl_errmsg(0) : "it does not fit its section";
	uint64_t said = symbols_said(e->elf);

	if (!said && e->dwarf)
		said = symbols_said(dwarf_getelf(e->dwarf));
	if (said > (uint64_t)(n < 0 ? 0 : n))
		elf_complain(e, FAULT_SYMTAB, why);
	return n;
}

void symtab_read(struct symtab *t, const struct elf *e, struct names *names)
{
	int n = count_symbols(e);
	size_t cap = 0, mode_cap = 0, at_0_cap = 0;

	*t = (struct symtab){ .n = 0 };
	for (int i = 1; i < n; i++) {
		GElf_Sym s;
		GElf_Addr addr;
		GElf_Word shndx;
		const char *name = dwfl_module_getsym_info(e->mod, i, &s, &addr, &shndx, NULL, NULL);
		bool odd = (e->machine == EM_ARM || e->machine == EM_MIPS) && (addr & 1);
		char kind;

		if (!name)
			elf_complain(e, FAULT_SYMBOL, dwfl_errmsg(0));
		if (!name || shndx == SHN_UNDEF || shndx == SHN_ABS || !elf_is_code(e, addr))
			continue;
		kind = mapping_kind(e, name);
		if (kind) {
			GROW(t->mode, t->n_mode, mode_cap);
			t->mode[t->n_mode++] = (struct mode){ addr, kind };
		} else if (is_function(&s, name)) {
			addr -= odd;
			if (addr == e->dwarf_bias) {
				GROW(t->at_0, t->n_at_0, at_0_cap);
				t->at_0[t->n_at_0++] = name;
			}
			GROW(t->sym, t->n, cap);
			t->sym[t->n++] = (struct symbol){
				.addr = addr, .end = range_end(addr, addr + s.st_size), .name = name_func(names, name),
				.rank = rank(&s, name), .local = local_entry(e, &s), .thumb = odd && e->machine == EM_ARM,
				.sized = s.st_size,
			};
			t->thumb |= t->sym[t->n - 1].thumb;
		}
	}
	if (t->n)
		qsort(t->sym, t->n, sizeof *t->sym, by_addr);
	if (t->n_mode)
		qsort(t->mode, t->n_mode, sizeof *t->mode, by_mode_addr);
	settle(t, e);
}

void symtab_free(struct symtab *t)
{
	free(t->sym);
	free(t->mode);
	free(t->at_0);
	*t = (struct symtab){ .n = 0 };
}

size_t symtab_from(const struct symtab *t, uint64_t addr)
{
	size_t i;

	SEARCH(i, t->n, t->sym[i].addr < addr);
	return i;
}

uint32_t symtab_find(const struct symtab *t, uint64_t addr)
{
	size_t i = symtab_from(t, addr);

	if (i < t->n && t->sym[i].addr == addr)
		return (uint32_t)i;
	if (!i || addr >= t->sym[i - 1].end)
		return SYM_NONE;
	return (uint32_t)(i - 1);
}

bool symtab_is_local_entry(const struct symtab *t, uint64_t addr)
{
	uint32_t i = symtab_find(t, addr);

	return i != SYM_NONE && t->sym[i].local && addr == t->sym[i].addr + t->sym[i].local;
}

bool symtab_has_at_0(const struct symtab *t, const char *name)
{
	size_t n = name ? strlen(name) : 0;

	for (size_t i = 0; name && i < t->n_at_0; i++)
		if (!strncmp(t->at_0[i], name, n) && (!t->at_0[i][n] || t->at_0[i][n] == '.'))
			return true;
	return false;
}

char symtab_mode(const struct symtab *t, uint64_t addr)
{
	uint32_t s;
	size_t i;

	SEARCH(i, t->n_mode, t->mode[i].addr <= addr);
	if (i)
		return t->mode[i - 1].kind;
	s = t->thumb ? symtab_find(t, addr) : SYM_NONE;
	return s != SYM_NONE && t->sym[s].thumb ? 't' : 0;
}

bool symtab_is_thumb(const struct symtab *t, uint64_t addr)
{
	return symtab_mode(t, addr) == 't';
}
