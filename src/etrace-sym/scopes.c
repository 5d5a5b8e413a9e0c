/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which function or inlined copy is innermost where, and which one a line is of.
 * in:  work [100,200), in it clamp [140,150)
 * out: [100,140) work, [140,150) clamp, [150,200) work
 */
#include "scopes.h"

#include <stdlib.h>

#include "die.h"
#include "search.h"

static int by_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return (x->scope > y->scope) - (x->scope < y->scope);
}

static void add_stretch(struct scopes *s, uint64_t lo, uint64_t hi, uint32_t scope)
{
	if (lo >= hi)
		return;
	GROW(s->stretch, s->n_stretch, s->cap_stretch);
	s->stretch[s->n_stretch++] = (struct stretch){ lo, hi, scope };
}

struct open {
	uint64_t hi;
	uint32_t scope;
};

/* Sweeps over the pieces with a stack of those that are open: the top one is innermost. */
static void flatten(struct scopes *s)
{
	size_t top = 0;
	uint64_t at = 0;

	if (s->tree.n_piece)
		qsort(s->tree.piece, s->tree.n_piece, sizeof *s->tree.piece, by_place);
	for (size_t i = 0; i <= s->tree.n_piece; i++) {
		const struct piece *p = i < s->tree.n_piece ? &s->tree.piece[i] : NULL;

		for (; top && (!p || s->stack[top - 1].hi <= p->lo); top--) {
			add_stretch(s, at, s->stack[top - 1].hi, s->stack[top - 1].scope);
			if (at < s->stack[top - 1].hi)
				at = s->stack[top - 1].hi;
		}
		if (!p)
			break;
		if (top)
			add_stretch(s, at, p->lo, s->stack[top - 1].scope);
		at = p->lo;
		GROW(s->stack, top, s->cap_stack);
		s->stack[top] = (struct open){ p->hi, p->scope };
		if (top && s->stack[top - 1].hi < p->hi)
			s->stack[top].hi = s->stack[top - 1].hi;	/* what is inside ends inside */
		top++;
	}
}

static int by_entry(const void *a, const void *b)
{
	const struct apart *x = a, *y = b;

	if (x->entry != y->entry)
		return x->entry < y->entry ? -1 : 1;
	return (x->scope > y->scope) - (x->scope < y->scope);
}

static int by_decl(const void *a, const void *b)
{
	const struct decl *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

void scopes_read(struct scopes *s, const struct lines *l, struct unit *u, const struct symtab *t,
		 struct names *names)
{
	s->n_stretch = 0;
	dietree_read(&s->tree, l, u, t, names);
	flatten(s);
	if (s->tree.n_apart)
		qsort(s->tree.apart, s->tree.n_apart, sizeof *s->tree.apart, by_entry);
	if (s->tree.n_decl)
		qsort(s->tree.decl, s->tree.n_decl, sizeof *s->tree.decl, by_decl);
}

/* The function that LINE of FILE is in begins at the last declaration at or before it: that line. */
static uint32_t decl_line(const struct scopes *s, uint32_t file, uint32_t line)
{
	struct decl key = { file, line };
	size_t i;

	SEARCH(i, s->tree.n_decl, by_decl(&s->tree.decl[i], &key) <= 0);
	return i && s->tree.decl[i - 1].file == file ? s->tree.decl[i - 1].line : 0;
}

static bool is_of(const struct scopes *s, uint32_t scope, uint32_t file, uint32_t begin)
{
	return s->tree.scope[scope].file == file && s->tree.scope[scope].line == begin;
}

uint32_t scopes_of_line(const struct scopes *s, uint32_t inner, uint64_t addr, uint32_t file, uint32_t line)
{
	uint32_t begin;
	size_t apart;
	bool any;

	SEARCH(apart, s->tree.n_apart, s->tree.apart[apart].entry < addr);
	any = apart < s->tree.n_apart && s->tree.apart[apart].entry == addr;
	if (s->tree.scope[inner].parent == SCOPE_NONE && !any)
		return inner;
	begin = decl_line(s, file, line);
	for (uint32_t i = inner; i != SCOPE_NONE; i = s->tree.scope[i].parent)
		if (is_of(s, i, file, begin))
			return i;
	for (; apart < s->tree.n_apart && s->tree.apart[apart].entry == addr; apart++)
		if (is_of(s, s->tree.apart[apart].scope, file, begin))
			return s->tree.apart[apart].scope;
	return inner;
}

bool scopes_have(const struct scopes *s, uint64_t addr, uint32_t file, uint32_t line)
{
	uint32_t begin = decl_line(s, file, line);
	size_t at;

	SEARCH(at, s->n_stretch, s->stretch[at].hi <= addr);
	if (at == s->n_stretch || s->stretch[at].lo > addr)
		return false;
	for (uint32_t i = s->stretch[at].scope; begin && i != SCOPE_NONE; i = s->tree.scope[i].parent)
		if (is_of(s, i, file, begin))
			return true;
	return !begin;
}

bool scopes_end_at(const struct scopes *s, uint64_t addr)
{
	for (size_t i = 0; i < s->tree.n_piece; i++)
		if (s->tree.piece[i].hi == addr)
			return true;
	return false;
}

void scopes_free(struct scopes *s)
{
	dietree_free(&s->tree);
	free(s->stretch);
	free(s->stack);
	*s = (struct scopes){ .n_stretch = 0 };
}
