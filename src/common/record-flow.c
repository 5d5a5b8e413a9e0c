/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the columns of records that say which way control went: J, W, K, X, Y, and what comes of it, C and S.
 * in:  Y<TAB>0<TAB>90311<TAB>ffff000002c81080
 * out: { 0, 0xffff000002c81080 }
 */
#include <limits.h>

#include "record-read.h"

/* Columns, as in record.c. */
enum { J_CPU = 1, J_IN, J_START, J_SIZE, J_TO_IN, J_TO_START, J_TO_SIZE, J_COUNT, J_COLUMNS };
enum { W_CPU = 1, W_TIME, W_COUNT, W_STEPS, W_BLOCKS };
enum { WB_IN, WB_START, WB_SIZE, WB_NS, WB_COLUMNS };
enum { K_IN = 1, K_START, K_SIZE, K_PLACE, K_LINE, K_END, K_AT, K_TO, K_ROLE, K_COLUMNS };
enum { X_CPU = 1, X_TIME, X_KIND, X_FROM, X_TO, X_COLUMNS };
enum { Y_CPU = 1, Y_TIME, Y_STACK, Y_COLUMNS };
enum {
	C_IN = 1, C_ENTRY, C_FUNC, C_FILE, C_LINE, C_ADDR, C_TO_IN, C_TO_ENTRY, C_TO_FUNC, C_COUNT, C_BLOCKS, C_NS,
	C_COLUMNS
};
enum { S_STACK = 1, S_BLOCKS, S_NS, S_COLUMNS };

bool record_read_j(const char *line, size_t len, struct record_j *j)
{
	struct field f[J_COLUMNS];

	if (record_split(line, len, f, J_COLUMNS) != J_COLUMNS || !dec(f[J_COUNT], &j->count))
		return false;
	j->cpu = f[J_CPU];
	j->from = span(f[J_IN], f[J_SIZE]);
	j->to = span(f[J_TO_IN], f[J_TO_SIZE]);
	return true;
}

bool record_read_w(const char *line, size_t len, struct record_w *w)
{
	struct field f[W_BLOCKS + WB_COLUMNS];
	size_t n = record_split(line, len, f, W_BLOCKS + WB_COLUMNS);

	if (n <= W_BLOCKS || (n - W_BLOCKS) % WB_COLUMNS || !dec(f[W_COUNT], &w->count))
		return false;
	w->cpu = f[W_CPU];
	w->time = f[W_TIME];
	w->steps = f[W_STEPS];
	w->blocks = (struct field){ f[W_BLOCKS].s, (size_t)(line + len - f[W_BLOCKS].s) };
	return true;
}

bool record_walk_block(struct field *blocks, struct walk_block *b)
{
	const char *p = blocks->s, *end = p + blocks->n;
	struct field f[WB_COLUMNS];
	bool known;

	if (!blocks->n)
		return false;
	for (int i = 0; i < WB_COLUMNS; i++) {
		const char *tab = memchr(p, '\t', (size_t)(end - p));

		if (!tab && i < WB_NS)
			return false;
		tab = tab ? tab : end;
		f[i] = (struct field){ p, (size_t)(tab - p) };
		p = tab + 1;
	}
	if (!hex(f[WB_START], &b->start) || !maybe_dec(f[WB_SIZE], &b->size, &known) ||
	    !maybe_dec(f[WB_NS], &b->ns, &known) || !fits(b->start, b->size))
		return false;
	b->block = span(f[WB_IN], f[WB_SIZE]);
	b->in = f[WB_IN];
	b->size_text = f[WB_SIZE];
	b->ns_text = f[WB_NS];
	*blocks = p < end ? (struct field){ p, (size_t)(end - p) } : (struct field){ end, 0 };
	return true;
}

static const char *const end_names[] = {
	[END_NONE] = "-", [END_CALL] = "call", [END_JUMP] = "jump", [END_RETURN] = "return", [END_TRAP] = "trap",
	[END_RESUME] = "resume",
};

const char *record_end_name(enum end end)
{
	return end_names[end];
}

/* The end with this name, which may have "?" behind it. */
static bool read_end(struct field f, struct record_k *k)
{
	k->conditional = f.n && f.s[f.n - 1] == '?';
	f.n -= k->conditional;
	for (k->end = END_NONE; k->end <= END_RESUME; k->end++)
		if (field_is(f, end_names[k->end]))
			return true;
	return false;
}

bool record_read_k(const char *line, size_t len, struct record_k *k)
{
	struct field f[K_COLUMNS];

	bool known;

	if (record_split(line, len, f, K_COLUMNS) != K_COLUMNS || !read_end(f[K_END], k) ||
	    !hex(f[K_START], &k->start) || !maybe_dec(f[K_SIZE], &k->size, &known) || !fits(k->start, k->size) ||
	    !maybe_hex(f[K_AT], &k->at, &k->has_at) || !maybe_hex(f[K_TO], &k->to, &k->direct))
		return false;
	k->block = span(f[K_IN], f[K_SIZE]);
	k->in = f[K_IN];
	k->place = f[K_PLACE];
	k->line = f[K_LINE];
	k->role = f[K_ROLE];
	return true;
}

bool record_read_x(const char *line, size_t len, struct record_x *x)
{
	struct field f[X_COLUMNS];
	uint64_t cpu;

	if (record_split(line, len, f, X_COLUMNS) != X_COLUMNS || !dec(f[X_CPU], &cpu) || cpu > UINT_MAX ||
	    !hex(f[X_FROM], &x->from) || !hex(f[X_TO], &x->to))
		return false;
	x->cpu = (unsigned)cpu;
	x->kind = f[X_KIND];
	return true;
}

bool record_read_y(const char *line, size_t len, struct record_y *y)
{
	struct field f[Y_COLUMNS];

	return record_split(line, len, f, Y_COLUMNS) == Y_COLUMNS && dec(f[Y_CPU], &y->cpu) &&
	       hex(f[Y_STACK], &y->stack);
}

bool record_read_c(const char *line, size_t len, struct record_c *c)
{
	struct field f[C_COLUMNS];

	if (record_split(line, len, f, C_COLUMNS) != C_COLUMNS || !hex(f[C_ENTRY], &c->entry) ||
	    !line_number(f[C_LINE], &c->line) || !hex(f[C_ADDR], &c->addr) || !hex(f[C_TO_ENTRY], &c->to_entry) ||
	    !dec(f[C_COUNT], &c->count) || !dec(f[C_BLOCKS], &c->blocks) || !dec(f[C_NS], &c->ns))
		return false;
	c->in = f[C_IN];
	c->func = f[C_FUNC];
	c->file = f[C_FILE];
	c->to_in = f[C_TO_IN];
	c->to_func = f[C_TO_FUNC];
	c->key = span(f[C_IN], f[C_TO_FUNC]);
	return true;
}

bool record_read_s(const char *line, size_t len, struct record_s *s)
{
	struct field f[S_COLUMNS];

	if (record_split(line, len, f, S_COLUMNS) != S_COLUMNS || !dec(f[S_BLOCKS], &s->blocks) ||
	    !dec(f[S_NS], &s->ns))
		return false;
	s->stack = f[S_STACK];
	return true;
}
