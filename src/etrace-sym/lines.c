/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line tables by libdw.
 * in:  40201848
 * out: the row 0x40201848, aa64-main.c:22, is_stmt
 */
#include "lines.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "map.h"
#include "search.h"

static void add_span(struct lines *l, uint64_t lo, uint64_t hi, uint32_t unit)
{
	if (lo >= hi || !elf_is_code(l->elf, lo))
		return;
	GROW(l->span, l->n_span, l->cap_span);
	l->span[l->n_span++] = (struct span){ lo, hi, unit };
}

/* Where the unit's code is, if it says so (some assemblers and compilers do not). */
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
	return any;
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
}

static int by_lo(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

void lines_open(struct lines *l, const struct elf *e)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die die, split;
	uint8_t type;
	size_t cap = 0;

	*l = (struct lines){ .elf = e };
	if (!e->dwarf)
		return;
	while (!dwarf_get_units(e->dwarf, cu, &cu, NULL, &type, &die, &split)) {
		if (type == DW_UT_type || type == DW_UT_split_type)
			continue;
		GROW(l->unit, l->n_unit, cap);
		l->unit[l->n_unit++] = (struct unit){ .die = die, .tree = split.addr ? split : die };
	}
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
	free(l->span);
	*l = (struct lines){ .elf = NULL };
}

bool unit_rows(struct lines *l, struct unit *u)
{
	if (!u->read) {
		u->read = true;
		if (dwarf_getsrclines(&u->die, &u->rows, &u->n_rows))
			u->n_rows = 0;
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

/* The index of the first row behind ADDR. */
static size_t row_behind(const struct lines *l, const struct unit *u, uint64_t addr)
{
	size_t i;

	SEARCH(i, u->n_rows, row_addr(l, u, i) <= addr);
	return i;
}

/*
 * The index of the first span that begins behind ADDR, less the few before it that may reach to
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
		*i = row_behind(l, u, addr);
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
		*i = addr ? row_behind(l, u, addr - 1) : 0;
		while (*i < u->n_rows && unit_row(l, u, *i).end)
			++*i;
		if (*i < u->n_rows && row_addr(l, u, *i) < end)
			return u;
	}
	return NULL;
}
