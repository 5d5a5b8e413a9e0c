/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes F and L records.
 * in:  rows work.c:9 at 40201a04 and 40201a4c, both statements, in collatz
 * out: F<TAB>work.c<TAB>5<TAB>collatz<TAB>fw.elf<TAB>402019f4<TAB>108<TAB>0<TAB>0
 *      L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4,40201a4c+12<TAB>0<TAB>0
 */
#include "mapout.h"

#include <stdlib.h>
#include <string.h>

#include "condbr.h"
#include "die.h"
#include "record.h"
#include "scopes.h"
#include "sort.h"
#include "stmts.h"

struct mapout {
	struct object *ob;
	struct field in;		/* its name */
	size_t unit;			/* the next unit of it */
	struct names *names;
	struct out *o;
	struct scopes scopes;
	struct stmts stmts;		/* of one unit */
	struct sort_item *order;	/* of stmt, and after it as much to sort with */
	size_t cap_order;
	struct condbr *branches;	/* NULL: no R records */
	bool is_whole;
	bool *covered;			/* symbols that are in a function that DWARF knows */
};

static struct field name(const struct mapout *m, uint32_t id)
{
	struct field f;

	f.s = name_text(m->names, id, &f.n);
	return f;
}

/* A function that no declaration places (assembly) is where its first instruction is. */
static void place_by_row(const struct mapout *m, uint64_t addr, uint32_t *file, uint32_t *line)
{
	size_t i;
	struct unit *u = lines_find(&m->ob->lines, addr, &i);
	struct row r;

	if (!u)
		return;
	r = unit_row(&m->ob->lines, u, i);
	*file = name_file(m->names, r.file);
	*line = r.line;
}

static void put_function(const struct mapout *m, uint32_t file, uint32_t line, uint32_t func, uint64_t addr,
			 uint64_t size)
{
	if (!line)
		place_by_row(m, addr, &file, &line);
	record_put_f(m->o, &(struct record_f){
		.file = name(m, line ? file : NAME_NONE), .line = line, .name = name(m, func), .in = m->in,
		.addr = addr, .size = size,
	});
}

/*
 * Says for each statement what it is in: the scope with that number, or after the scopes the symbol,
 * or nothing.
 */
static void place(struct mapout *m)
{
	struct scopes *s = &m->scopes;
	size_t at = 0;

	for (size_t i = m->stmts.n; i--;) {
		struct stmt *x = &m->stmts.stmt[i];
		uint32_t sym;

		while (at < s->n_stretch && s->stretch[at].hi <= x->addr)
			at++;
		if (at < s->n_stretch && s->stretch[at].lo <= x->addr) {
			x->scope = scopes_of_line(s, s->stretch[at].scope, x->addr, x->file, x->line);
			for (uint32_t j = x->scope; j != SCOPE_NONE && !s->tree.scope[j].any_stmt; j = s->tree.scope[j].parent)
				s->tree.scope[j].any_stmt = true;
		} else {
			sym = symtab_find(&m->ob->sym, x->addr);
			x->scope = sym == SYM_NONE ? SCOPE_NONE : (uint32_t)s->tree.n + sym;
		}
	}
}

static uint32_t scope_name(const struct mapout *m, uint32_t scope)
{
	if (scope == SCOPE_NONE)
		return NAME_NONE;
	if (scope >= m->scopes.tree.n)
		return m->ob->sym.sym[scope - m->scopes.tree.n].name;
	return m->scopes.tree.scope[scope].name;
}

static bool same_line(const struct stmt *x, const struct stmt *y)
{
	return x->scope == y->scope && x->file == y->file && x->line == y->line;
}

/* Orders the statements by scope, file, line and address. */
static void sort(struct mapout *m)
{
	size_t n = m->stmts.n;

	if (2 * n > m->cap_order) {
		m->cap_order = 4 * n;
		m->order = must_realloc(m->order, m->cap_order, sizeof *m->order);
	}
	for (size_t i = 0; i < n; i++) {
		const struct stmt *x = &m->stmts.stmt[n - 1 - i];

		m->order[i] = (struct sort_item){ (uint64_t)x->file << 32 | x->line, (uint32_t)(n - 1 - i) };
	}
	sort_items(m->order, m->order + n, n);
	for (size_t i = 0; i < n; i++)
		m->order[i].key = m->stmts.stmt[m->order[i].i].scope;
	sort_items(m->order, m->order + n, n);
}

static const struct stmt *ordered(const struct mapout *m, size_t i)
{
	return &m->stmts.stmt[m->order[i].i];
}

/* How long the statement at I is: the longest of those of its line at its address.  I moves past them. */
static uint64_t length(const struct mapout *m, size_t *i, size_t stop)
{
	uint64_t addr = ordered(m, *i)->addr, len = 0;

	for (; *i < stop && ordered(m, *i)->addr == addr; ++*i)
		len = ordered(m, *i)->len > len ? ordered(m, *i)->len : len;
	return len;
}

/*
 * Writes the L of the statements from I on that are in one scope and of one line; returns the first
 * one after them.  A statement without code, at the start of another one's, says that control was to pass
 * there; optimised, it need not have.  It counts where its line has nothing better.
 */
static size_t put_l(struct mapout *m, size_t i)
{
	const struct stmt *x = ordered(m, i);
	size_t stop = i;
	bool any = false, first = true;

	for (; stop < m->stmts.n && same_line(x, ordered(m, stop)); stop++)
		any |= ordered(m, stop)->len > 0;
	record_put_l(m->o, &(struct record_l){
		.file = name(m, x->file), .line = x->line, .func = name(m, scope_name(m, x->scope)), .in = m->in,
	});
	while (i < stop) {
		struct statement part = { .addr = ordered(m, i)->addr };
		uint64_t len = length(m, &i, stop);

		if (any && !len)
			continue;
		part.len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
		record_put_statement(m->o, &part, 0, first);
		first = false;
	}
	record_put_l_counts(m->o, 0, 0);
	return stop;
}

/*
 * Marks the symbols that have code of a scope.  A symbol may begin before its function does in DWARF:
 * a kernel has NOPs there, to be patched.
 */
static void cover(struct mapout *m)
{
	const struct symtab *t = &m->ob->sym;

	for (size_t i = 0; i < m->scopes.n_stretch; i++) {
		const struct stretch *g = &m->scopes.stretch[i];
		uint32_t first = symtab_find(t, g->lo);

		if (first != SYM_NONE)
			m->covered[first] = true;
		for (size_t j = symtab_from(t, g->lo); j < t->n && t->sym[j].addr < g->hi; j++)
			m->covered[j] = true;
	}
}

/*
 * Whether a function was entered when its first address is executed.  That of an inlined copy without
 * any statement, of a unit with ROWS, is an instruction that was moved to where it is not known yet
 * whether the copy will run.  (Functions that one line declares, as macros do, share its statements.)
 * And f.part.0 is what GCC left of f when it inlined f's beginning.
 */
static bool is_entered(const struct mapout *m, const struct scope *s, bool rows)
{
	const struct scope *around;
	struct field f;
	uint32_t sym;

	for (; s->parent != SCOPE_NONE; s = around) {
		around = &m->scopes.tree.scope[s->parent];
		if (s->any_stmt || !rows)
			return true;
		if (around->file != s->file || around->line != s->line)
			return false;
	}
	sym = symtab_find(&m->ob->sym, s->entry);
	if (sym == SYM_NONE)
		return true;
	f = name(m, m->ob->sym.sym[sym].name);
	return !memmem(f.s, f.n, ".part.", 6);
}

static void put_unit(struct mapout *m, struct unit *u)
{
	struct lines *l = &m->ob->lines;
	bool rows = unit_rows(l, u);

	scopes_read(&m->scopes, l, u, &m->ob->sym, m->names);
	cover(m);
	m->stmts.n = 0;
	if (rows)
		stmts_read(&m->stmts, l, u, m->names);
	place(m);
	for (size_t i = 0; i < m->scopes.tree.n; i++) {
		const struct scope *s = &m->scopes.tree.scope[i];

		if (is_entered(m, s, rows))
			put_function(m, s->file, s->line, s->name, s->entry, s->size);
	}
	sort(m);
	for (size_t i = 0; i < m->stmts.n;)
		i = put_l(m, i);
	if (m->branches && rows)
		condbr_write(m->branches, u, &m->scopes, m->o);
}

/* Functions that only the symbol table knows: assembly, code built without -g. */
static void put_symbols(struct mapout *m)
{
	const struct symtab *t = &m->ob->sym;

	for (size_t i = 0; i < t->n; i++) {
		const struct symbol *s = &t->sym[i];

		if (!m->covered[i])
			put_function(m, NAME_NONE, 0, s->name, s->addr, s->end - s->addr);
	}
}

struct mapout *mapout_new(struct object *ob, struct names *names, bool branches, struct out *o)
{
	struct mapout *m = must_calloc(1, sizeof *m);

	object_ready(ob);
	m->ob = ob;
	m->in = field_of(ob->name);
	m->names = names;
	m->o = o;
	m->covered = must_calloc(ob->sym.n + 1, sizeof *m->covered);
	m->branches = branches ? condbr_new(ob, names) : NULL;
	m->is_whole = !branches || m->branches;
	return m;
}

bool mapout_step(struct mapout *m)
{
	if (m->unit < m->ob->lines.n_unit) {
		put_unit(m, &m->ob->lines.unit[m->unit++]);
		return true;
	}
	put_symbols(m);
	return false;
}

bool mapout_is_whole(const struct mapout *m)
{
	return m->is_whole;
}

void mapout_free(struct mapout *m)
{
	if (!m)
		return;
	free(m->covered);
	stmts_free(&m->stmts);
	free(m->order);
	scopes_free(&m->scopes);
	condbr_free(m->branches);
	free(m);
}
