/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that count for their line are those
 * - that begin a statement (is_stmt);
 * - that begin a further part of the statement before them: of the same line, with another discriminator (DWARF 5,
 *   6.2.2).  The test of a loop that is in one line with its body has such a row;
 * - of a line that has no row that begins a statement in all of the unit.  Optimising, GCC marks
 *   statements where the front end left marks, which it does not in templates, among others.
 *
 * in:  work.c:9 at 40201a04 is_stmt, work.c:9 at 40201a10, work.c:10 at 40201a14 is_stmt
 * out: work.c:9 at 40201a04 of 16 bytes, work.c:10 at 40201a14
 */
#include "stmts.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"

/* Where the line of R is noted, or is to be. */
static uint32_t *slot_of(const struct stmts *s, const struct row *r)
{
	uint64_t h = ((uint64_t)(uintptr_t)r->file << 20 ^ r->line) * 0x9e3779b97f4a7c15u;

	for (size_t i = h >> 32 & s->mask;; i = (i + 1) & s->mask) {
		const struct row *x = &s->row[s->slot[i] - 1];

		if (!s->slot[i] || (x->line == r->line && x->file == r->file))
			return &s->slot[i];
	}
}

/* Reads all rows, and notes the lines that have a statement's. */
static void read_rows(struct stmts *s, const struct lines *l, const struct unit *u)
{
	if (u->n_rows > s->cap_row) {
		s->cap_row = 2 * u->n_rows;
		s->row = must_realloc(s->row, s->cap_row, sizeof *s->row);
	}
	if (!s->slot || 2 * u->n_rows > s->mask) {
		for (s->mask = 1023; s->mask < 2 * u->n_rows;)
			s->mask = 2 * s->mask + 1;
		free(s->slot);
		s->slot = must_malloc((s->mask + 1) * sizeof *s->slot);
	}
	memset(s->slot, 0, (s->mask + 1) * sizeof *s->slot);
	for (size_t i = 0; i < u->n_rows; i++) {
		struct row *r = &s->row[i];

		*r = unit_row(l, u, i);
		if (r->is_stmt && !r->end && r->line)
			*slot_of(s, r) = (uint32_t)i + 1;
	}
}

/* Whether the row at I, which begins no statement, begins a further part of the one it continues. */
static bool is_further_part(const struct row *row, size_t i)
{
	const struct row *r = &row[i], *before = r;

	if (!i || before[-1].discriminator == r->discriminator)
		return false;
	while (before > row && !before->is_stmt) {
		before--;
		if (before->end || before->line != r->line || before->file != r->file)
			return false;
	}
	return before->is_stmt;
}

static bool counts(const struct stmts *s, size_t i)
{
	const struct row *r = &s->row[i];

	return r->is_stmt || is_further_part(s->row, i) || !*slot_of(s, r);
}

/*
 * Whether the row at I is of no code: it begins where its sequence ends, as after a call that does not return.  libdw
 * sorts it after the row that ends the sequence, so that it seems to reach up to the next sequence.
 */
static bool is_past_end(const struct stmts *s, const struct lines *l, const struct unit *u, size_t i)
{
	uint64_t addr = s->row[i].addr;

	while (i && s->row[i - 1].addr == addr && !s->row[i - 1].end)
		i--;
	return i && s->row[i - 1].addr == addr && !lines_end(l, u, addr);
}

void stmts_read(struct stmts *s, const struct lines *l, const struct unit *u, struct names *names)
{
	const struct row *last;
	uint64_t next = 0;

	read_rows(s, l, u);
	s->n = 0;
	/* At the end of the address space the row that ends the last sequence is the first, at 0. */
	last = u->n_rows ? &s->row[u->n_rows - 1] : NULL;
	if (last && !last->end)
		next = elf_code_end(l->elf, last->addr);
	/* From the last to the first, so that where the next one begins is known. */
	for (size_t i = u->n_rows; i--;) {
		const struct row *r = &s->row[i];

		if (!r->end && ((!r->line ? !r->is_stmt : !counts(s, i)) || is_past_end(s, l, u, i)))
			continue;
		if (!r->end && r->line && elf_is_code(l->elf, r->addr)) {
			GROW(s->stmt, s->n, s->cap);
			s->stmt[s->n++] = (struct stmt){
				.addr = r->addr, .len = next > r->addr ? next - r->addr : 0,
				.file = name_file(names, r->file), .line = r->line,
			};
		}
		next = r->addr;
	}
}

void stmts_free(struct stmts *s)
{
	free(s->stmt);
	free(s->row);
	free(s->slot);
	*s = (struct stmts){ .n = 0 };
}
