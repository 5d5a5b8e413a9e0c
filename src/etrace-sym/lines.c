/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line tables by libdw.
 * in:  40201848
 * out: the row 0x40201848, aa64-main.c:22, is_stmt
 */
#include "lines.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"
#include "search.h"

static void add_span(struct lines *l, uint64_t lo, uint64_t hi, uint32_t unit)
{
	hi = range_end(lo, hi);
	if (lo >= hi || !elf_is_code(l->elf, lo))
		return;
	GROW(l->span, l->n_span, l->cap_span);
	l->span[l->n_span++] = (struct span){ lo, hi, unit };
}

/* Where the unit's code is, if it says so (some assemblers and compilers do not) and all of it can be read. */
static bool spans_by_die(struct lines *l, uint32_t unit)
{
	Dwarf_Addr base, lo, hi;
	uint64_t bias = l->elf->dwarf_bias;
	ptrdiff_t at = 0;
	bool any = false;

	while ((at = dwarf_ranges(&l->unit[unit].die, at, &base, &lo, &hi)) > 0) {
		add_span(l, lo + bias, hi + bias, unit);
		any = true;
	}
	if (at < 0)
		elf_complain(l->elf, FAULT_RANGES, dwarf_errmsg(0));
	return any && !at;
}

static void spans_by_rows(struct lines *l, uint32_t unit)
{
	struct unit *u = &l->unit[unit];
	uint64_t lo = 0;
	bool inside = false;

	if (!unit_rows(l, u))
		return;
	for (size_t i = 0; i < u->n_rows; i++) {
		struct row r = unit_row(l, u, i);

		if (r.end) {
			add_span(l, lo, r.addr, unit);
			inside = false;
		} else if (!inside) {
			lo = r.addr;
			inside = true;
		}
	}
	if (inside)	/* to the end of the address space: the row that ends it, at 0, is the first */
		add_span(l, lo, elf_code_end(l->elf, lo), unit);
}

static int by_lo(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

static const char *dwo_name(Dwarf_Die *die)
{
	Dwarf_Attribute a;

	return dwarf_attr(die, DW_AT_dwo_name, &a) || dwarf_attr(die, DW_AT_GNU_dwo_name, &a) ?
		dwarf_formstring(&a) : NULL;
}

/* Adds the unit at OFF, as libdw knows it, if it is one with code; VERSION is what its header says. */
static void add_unit(struct lines *l, size_t *cap, Dwarf_Off off, unsigned version)
{
	Dwarf_Die any, die, split;
	uint8_t type;
	char why[64];

	/* libdw reads units in their order; asked for one that it does not know, it has passed it. */
	if (!dwarf_offdie(l->elf->dwarf, off, &any)) {
		snprintf(why, sizeof why, "DWARF version %u", version);
		elf_complain(l->elf, FAULT_UNIT, version < 2 || version > 5 ? why : dwarf_errmsg(0));
		return;
	}
	if (dwarf_cu_info(any.cu, NULL, &type, &die, &split, NULL, NULL, NULL)) {
		elf_complain(l->elf, FAULT_UNIT, dwarf_errmsg(0));
		return;
	}
	if (type == DW_UT_type || type == DW_UT_split_type)
		return;
	if (dwarf_tag(&die) == DW_TAG_invalid) {
		elf_complain(l->elf, FAULT_UNIT, dwarf_errmsg(0));
		return;
	}
	if (type == DW_UT_skeleton && !split.addr)
		elf_complain(l->elf, FAULT_SPLIT, dwo_name(&die));
	GROW(l->unit, l->n_unit, *cap);
	l->unit[l->n_unit++] = (struct unit){ .die = die, .tree = split.addr ? split : die };
}

static void find_units(struct lines *l)
{
	Dwarf *dwarf = l->elf->dwarf;
	Dwarf_Off off = 0, next, size;
	size_t header, cap = 0;
	Dwarf_Half version;
	GElf_Shdr sh;
	int r;

	while (!(r = dwarf_next_unit(dwarf, off, &next, &header, &version, NULL, NULL, NULL, NULL, NULL))) {
		add_unit(l, &cap, off, version);
		off = next;
	}
	size = elf_section(dwarf_getelf(dwarf), ".debug_info", &sh) ? sh.sh_size : 0;
	if (r < 0 || off > size || size - off > 4)	/* up to 4 bytes are no unit, for libdw */
		elf_complain(l->elf, FAULT_UNITS, r < 0 ? dwarf_errmsg(0) : "its length is wrong");
}

void lines_open(struct lines *l, const struct elf *e)
{
	*l = (struct lines){ .elf = e };
	if (!e->dwarf)
		return;
	find_units(l);
	l->nameless = must_calloc(l->n_unit, sizeof *l->nameless);
	for (size_t i = 0; i < l->n_unit; i++)
		if (!spans_by_die(l, (uint32_t)i))
			spans_by_rows(l, (uint32_t)i);
	if (l->n_span)
		qsort(l->span, l->n_span, sizeof *l->span, by_lo);
}

void lines_close(struct lines *l)
{
	for (size_t i = 0; i < l->n_unit; i++)
		free(l->unit[i].kept);
	free(l->unit);
	free(l->nameless);
	free(l->span);
	*l = (struct lines){ .elf = NULL };
}

bool unit_rows(struct lines *l, struct unit *u)
{
	if (!u->read) {
		u->read = true;
		if (dwarf_getsrclines(&u->die, &u->rows, &u->n_rows)) {
			u->n_rows = 0;
			if (dwarf_hasattr(&u->die, DW_AT_stmt_list))
				elf_complain(l->elf, FAULT_LINES, dwarf_errmsg(0));
		}
		/* libdw gives units that name one table the same pointer. */
		for (struct unit *v = l->unit; u->n_rows && v < u; v++)
			u->twin |= v->rows == u->rows;
	}
	return u->n_rows && !u->twin;
}

static Dwarf_Line *row_at(const struct unit *u, size_t i)
{
	return dwarf_onesrcline(u->rows, u->kept ? u->kept[i] : i);
}

/* A row of U has no file: notes how many have none, once. */
static void note_nameless(const struct lines *l, const struct unit *u)
{
	bool *noted = &l->nameless[u - l->unit];

	for (size_t i = 0; i < u->n_rows && !*noted; i++)
		if (!dwarf_linesrc(row_at(u, i), NULL, NULL))
			elf_complain(l->elf, FAULT_FILE, dwarf_errmsg(0));
	*noted = true;
}

struct row unit_row(const struct lines *l, const struct unit *u, size_t i)
{
	Dwarf_Line *line = row_at(u, i);
	Dwarf_Addr addr = 0;
	int no = 0;
	unsigned discriminator = 0;
	struct row r = { .line = 0 };

	dwarf_lineaddr(line, &addr);
	dwarf_lineno(line, &no);
	dwarf_linediscriminator(line, &discriminator);
	dwarf_linebeginstatement(line, &r.is_stmt);
	dwarf_lineendsequence(line, &r.end);
	r.file = dwarf_linesrc(line, NULL, NULL);
	if (!r.file)
		note_nameless(l, u);
	r.addr = addr + l->elf->dwarf_bias;
	r.line = no > 0 ? (uint32_t)no : 0;
	r.discriminator = discriminator;
	return r;
}

static uint64_t row_addr(const struct lines *l, const struct unit *u, size_t i)
{
	Dwarf_Addr addr = 0;

	dwarf_lineaddr(row_at(u, i), &addr);
	return addr + l->elf->dwarf_bias;
}

/* The index of the first row after ADDR. */
static size_t row_after(const struct lines *l, const struct unit *u, uint64_t addr)
{
	size_t i;

	SEARCH(i, u->n_rows, row_addr(l, u, i) <= addr);
	return i;
}

/*
 * The index of the first span that begins after ADDR, less the few before it that may reach to
 * ADDR: spans should not overlap, but bad DWARF has some that do.
 */
static size_t span_near(const struct lines *l, uint64_t addr)
{
	size_t i;

	SEARCH(i, l->n_span, l->span[i].lo <= addr);
	return i < 8 ? 0 : i - 8;
}

struct unit *lines_find(struct lines *l, uint64_t addr, size_t *i)
{
	for (size_t s = span_near(l, addr); s < l->n_span && l->span[s].lo <= addr; s++) {
		struct unit *u = &l->unit[l->span[s].unit];

		if (addr >= l->span[s].hi || !unit_rows(l, u))
			continue;
		/* Of several rows at one address the last is the one in force. */
		*i = row_after(l, u, addr);
		if (*i && !unit_row(l, u, --*i).end)
			return u;
	}
	return NULL;
}

uint64_t lines_end(const struct lines *l, const struct unit *u, uint64_t addr)
{
	for (size_t s = span_near(l, addr); s < l->n_span && l->span[s].lo <= addr; s++)
		if (addr < l->span[s].hi && &l->unit[l->span[s].unit] == u)
			return l->span[s].hi;
	return 0;
}

struct unit *lines_next(struct lines *l, uint64_t addr, uint64_t end, size_t *i)
{
	for (size_t s = span_near(l, addr); s < l->n_span && l->span[s].lo < end; s++) {
		struct unit *u = &l->unit[l->span[s].unit];

		if (addr >= l->span[s].hi || !unit_rows(l, u))
			continue;
		*i = addr ? row_after(l, u, addr - 1) : 0;
		while (*i < u->n_rows && unit_row(l, u, *i).end)
			++*i;
		if (*i < u->n_rows && row_addr(l, u, *i) < end)
			return u;
	}
	return NULL;
}
