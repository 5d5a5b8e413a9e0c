/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walks a unit's tree for functions and inlined copies.
 * in:  DW_TAG_subprogram work [100,200), in it DW_TAG_inlined_subroutine clamp [140,150)
 * out: work and its piece [100,200), clamp, whose parent is work, and its piece [140,150)
 */
#include "dietree.h"

#include <dwarf.h>
#include <stdlib.h>

#include "die.h"

struct walk {
	struct dietree *d;
	const struct lines *l;
	const struct symtab *t;
	struct names *names;
	bool code_at_0;	/* the functions without code are of use too: see dropped.c */
	bool again;	/* what cannot be read was noted the first time */
	bool nests;	/* a language where types and name spaces hold functions: not C, not assembly */
};

static void complain(const struct walk *w, enum fault kind, const char *why)
{
	if (!w->again)
		elf_complain(w->l->elf, kind, why);
}

/* For an attribute whose value libdw does not give: that is no fault where there is no attribute. */
static void check_missing(const struct walk *w, Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute a;

	if (dwarf_attr_integrate(die, attribute, &a))
		complain(w, FAULT_ATTRIBUTE, dwarf_errmsg(0));
}

static uint32_t name_of(const struct walk *w, Dwarf_Die *die, uint64_t entry, bool inlined)
{
	Dwarf_Attribute a;
	const char *name = NULL;
	uint32_t sym;

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &a) ||
	    dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &a)) {
		name = dwarf_formstring(&a);
		if (!name)
			complain(w, FAULT_ATTRIBUTE, dwarf_errmsg(0));
	}
	if (!name && w->nests && !inlined) {
		sym = symtab_find(w->t, entry);
		if (sym != SYM_NONE && w->t->sym[sym].addr == entry)
			return w->t->sym[sym].name;
	}
	if (!name)
		name = dwarf_diename(die);
	if (!name)
		check_missing(w, die, DW_AT_name);
	return name_func(w->names, name);
}

/*
 * Whether the linker dropped the code of DIE, which says that it is at 0, while something else is there
 * that has another name.  A clone is called NAME.constprop.0, or so.
 */
static bool is_dropped(const struct walk *w, Dwarf_Die *die)
{
	Dwarf_Attribute a;

	if (!w->t->n || w->l->elf->is_rel)
		return false;
	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &a) && symtab_has_at_0(w->t, dwarf_formstring(&a)))
		return false;
	return !symtab_has_at_0(w->t, dwarf_diename(die));
}

/*
 * The file that DIE is declared in; NULL if it names none.  libdw's dwarf_decl_file() aborts in a unit
 * of a .dwo file, and has no file 0, which is one since DWARF 5.
 */
static const char *decl_file(const struct walk *w, Dwarf_Die *die)
{
	Dwarf_Attribute a;
	Dwarf_Word number;
	Dwarf_Half version;
	Dwarf_Die unit;
	Dwarf_Files *files;
	const char *file = NULL;

	if (!dwarf_attr_integrate(die, DW_AT_decl_file, &a))
		return NULL;
	if (!dwarf_formudata(&a, &number) && !dwarf_cu_info(a.cu, &version, NULL, &unit, NULL, NULL, NULL, NULL)) {
		if (!number && version < 5)
			return NULL;
		if (!dwarf_getsrcfiles(&unit, &files, NULL))
			file = dwarf_filesrc(files, number, NULL, NULL);
	}
	if (!file)
		complain(w, FAULT_ATTRIBUTE, "no such file in the line table");
	return file;
}

static void add_decl(struct dietree *d, uint32_t file, uint32_t line)
{
	GROW(d->decl, d->n_decl, d->cap_decl);
	d->decl[d->n_decl++] = (struct decl){ file, line };
}

/* Sets the name of X, and where it is declared. */
static void describe(const struct walk *w, Dwarf_Die *die, struct scope *x, bool inlined)
{
	int line = 0;

	if (dwarf_decl_line(die, &line))
		check_missing(w, die, DW_AT_decl_line);
	x->name = name_of(w, die, x->entry, inlined);
	x->file = name_file(w->names, decl_file(w, die));
	x->line = line > 0 ? (uint32_t)line : 0;
	add_decl(w->d, x->file, x->line);
}

/* Where the function whose DIE is at DIE is kept, or is to be: then its DIE is not this one. */
static struct origin *origin_slot(const struct dietree *d, const void *die)
{
	uint64_t h = (uint64_t)(uintptr_t)die * 0x9e3779b97f4a7c15u;

	for (size_t i = h >> 32;; i++) {
		struct origin *o = &d->origin[i & d->origin_mask];

		if (o->unit != d->unit || o->die == die)
			return o;
	}
}

static void grow_origins(struct dietree *d)
{
	struct origin *old = d->origin;
	size_t n = old ? d->origin_mask + 1 : 0;

	d->origin_mask = n ? 2 * n - 1 : 255;
	d->origin = must_calloc(d->origin_mask + 1, sizeof *d->origin);
	for (size_t i = 0; i < n; i++)
		if (old[i].unit == d->unit)
			*origin_slot(d, old[i].die) = old[i];
	free(old);
}

/* All copies of a function have its name and declaration, which are looked for once. */
static void describe_copy(const struct walk *w, Dwarf_Die *die, struct scope *x)
{
	struct dietree *d = w->d;
	Dwarf_Attribute a;
	Dwarf_Die origin;
	struct origin *o;

	if (!dwarf_attr(die, DW_AT_abstract_origin, &a) || !dwarf_formref_die(&a, &origin)) {
		check_missing(w, die, DW_AT_abstract_origin);
		describe(w, die, x, true);
		return;
	}
	if (!d->origin || 2 * d->n_origin > d->origin_mask)
		grow_origins(d);
	o = origin_slot(d, origin.addr);
	if (o->unit != d->unit) {
		describe(w, die, x, true);
		*o = (struct origin){ origin.addr, d->unit, x->name, x->file, x->line };
		d->n_origin++;
	}
	x->name = o->name;
	x->file = o->file;
	x->line = o->line;
}

/* Adds the ranges of DIE as pieces of the next scope, but those that the linker dropped. */
static void add_pieces(const struct walk *w, Dwarf_Die *die, uint32_t depth, bool inlined)
{
	struct dietree *d = w->d;
	uint64_t bias = w->l->elf->dwarf_bias;
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;
	bool any = false;

	while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		uint64_t lo = low + bias, hi = range_end(lo, high + bias);

		any = true;
		if (lo >= hi || !elf_is_code(w->l->elf, lo))
			continue;
		if (!low && !inlined && is_dropped(w, die)) {
			d->dropped = high > d->dropped ? high : d->dropped;
			continue;
		}
		GROW(d->piece, d->n_piece, d->cap_piece);
		d->piece[d->n_piece++] = (struct piece){ lo, hi, depth, (uint32_t)d->n };
	}
	/* libdw takes an address that cannot be read for none. */
	if (at < 0 || (!any && dwarf_hasattr(die, DW_AT_high_pc)))
		complain(w, FAULT_RANGES, dwarf_errmsg(0));
}

/* Adds a scope for DIE if it has code that was not dropped by the linker; else SCOPE_NONE. */
static uint32_t add_scope(const struct walk *w, Dwarf_Die *die, uint32_t depth, uint32_t parent, bool inlined)
{
	struct dietree *d = w->d;
	uint64_t bias = w->l->elf->dwarf_bias;
	Dwarf_Addr entry;
	size_t first = d->n_piece;
	struct scope *x;
	int line;

	if (inlined && parent == SCOPE_NONE)
		return SCOPE_NONE;
	if (!inlined && w->code_at_0 && !dwarf_hasattr(die, DW_AT_declaration) && !dwarf_decl_line(die, &line))
		add_decl(d, name_file(w->names, decl_file(w, die)), (uint32_t)line);
	add_pieces(w, die, depth, inlined);
	if (d->n_piece == first)
		return SCOPE_NONE;
	if (dwarf_entrypc(die, &entry)) {
		if (dwarf_hasattr(die, DW_AT_entry_pc))
			complain(w, FAULT_ATTRIBUTE, dwarf_errmsg(0));
		entry = d->piece[first].lo - bias;
	}
	entry += bias;
	GROW(d->scope, d->n, d->cap);
	x = &d->scope[d->n++];
	*x = (struct scope){ .entry = entry, .parent = parent };
	if (inlined)
		describe_copy(w, die, x);
	else
		describe(w, die, x, false);
	for (size_t i = first; i < d->n_piece; i++)
		if (entry >= d->piece[i].lo && entry < d->piece[i].hi)
			x->size = d->piece[i].hi - d->piece[i].lo;
	if (!x->size) {
		GROW(d->apart, d->n_apart, d->cap_apart);
		d->apart[d->n_apart++] = (struct apart){ entry, (uint32_t)d->n - 1 };
	}
	return (uint32_t)d->n - 1;
}

static void walk(const struct walk *w, Dwarf_Die *parent, uint32_t depth, uint32_t scope)
{
	Dwarf_Die die;
	uint32_t inner;
	int more;

	if (depth > 1000) {
		complain(w, FAULT_TREE, "more than 1000 levels");
		return;
	}
	more = dwarf_child(parent, &die);
	while (!more) {
		switch (dwarf_tag(&die)) {
		case DW_TAG_subprogram:
			inner = add_scope(w, &die, depth, SCOPE_NONE, false);
			if (inner != SCOPE_NONE || w->nests)
				walk(w, &die, depth + 1, inner);
			break;
		case DW_TAG_inlined_subroutine:
			inner = add_scope(w, &die, depth, scope, true);
			if (inner != SCOPE_NONE)
				walk(w, &die, depth + 1, inner);
			break;
		case DW_TAG_lexical_block:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
			walk(w, &die, depth + 1, scope);
			break;
		case DW_TAG_namespace:
		case DW_TAG_module:
		case DW_TAG_class_type:
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
			if (w->nests)
				walk(w, &die, depth + 1, SCOPE_NONE);
			break;
		}
		more = dwarf_siblingof(&die, &die);
	}
	if (more < 0)
		complain(w, FAULT_TREE, dwarf_errmsg(0));
}

static bool nests(Dwarf_Die *die)
{
	switch (dwarf_srclang(die)) {
	case DW_LANG_C:
	case DW_LANG_C89:
	case DW_LANG_C99:
	case DW_LANG_C11:
	case DW_LANG_Mips_Assembler:
		return false;
	}
	return true;
}

void dietree_read(struct dietree *d, const struct lines *l, struct unit *u, const struct symtab *t,
		  struct names *names)
{
	struct walk w = {
		.d = d, .l = l, .t = t, .names = names, .nests = nests(&u->tree),
		.code_at_0 = !l->elf->is_rel && elf_is_code(l->elf, l->elf->dwarf_bias), .again = u->walked,
	};

	d->n = d->n_piece = d->n_decl = d->n_apart = d->n_origin = 0;
	d->dropped = 0;
	d->unit++;
	u->walked = true;
	walk(&w, &u->tree, 0, SCOPE_NONE);
}

void dietree_free(struct dietree *d)
{
	free(d->scope);
	free(d->piece);
	free(d->decl);
	free(d->apart);
	free(d->origin);
	*d = (struct dietree){ .n = 0 };
}
