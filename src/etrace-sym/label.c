/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the text that records of a block get.
 * in:  the block :8f21c0a4<TAB>40201a4c<TAB>12, which is at 40201a4c of fw.elf
 * out: fw.elf<TAB>40201a4c<TAB>12<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include "label.h"

#include <string.h>

#include "die.h"
#include "num.h"

static void add_text(struct label *l, const char *s, size_t n)
{
	if (l->n + n > l->cap) {
		l->cap = (l->cap + n) * 2 + 4096;
		l->text = must_realloc(l->text, l->cap, 1);
	}
	memcpy(l->text + l->n, s, n);
	l->n += n;
}

static void add_name(struct label *l, uint32_t name)
{
	size_t n;
	const char *s = name_text(l->names, name, &n);

	add_text(l, s, n);
}

static void add_number(struct label *l, char before, uint64_t v)
{
	char num[1 + NUM_MAX], *end = num_dec(num + 1, v);

	num[0] = before;
	add_text(l, num, (size_t)(end - num));
}

static void add_func(struct label *l, struct linked at)
{
	const struct symtab *t = at.in ? &at.in->sym : NULL;
	uint32_t i = t ? symtab_find(t, at.addr) : SYM_NONE;

	add_text(l, "\t", 1);
	if (i == SYM_NONE) {
		add_text(l, "-", 1);
		return;
	}
	add_name(l, t->sym[i].name);
	add_number(l, '+', at.addr - t->sym[i].addr);
}

struct files {
	uint32_t seen[16];	/* seen[0] is the one that file:line shows */
	size_t n;
};

static void add_file(struct label *l, struct files *f, uint32_t name)
{
	size_t i = 0;

	while (i < f->n && f->seen[i] != name)
		i++;
	if (i < f->n)
		return;
	add_text(l, f->n == 1 ? "\t" : ",", 1);
	add_name(l, name);
	if (f->n < sizeof f->seen / sizeof *f->seen)
		f->seen[f->n++] = name;
}

/*
 * The files, other than SHOWN, that the block [ADDR, END) has statements of: with them a grep for a
 * file keeps all blocks that count for it.
 */
static void add_files(struct label *l, struct object *ob, uint64_t addr, uint64_t end, uint32_t shown)
{
	struct files f = { .seen = { shown }, .n = 1 };
	struct unit *u;
	size_t i;

	while (addr < end && (u = lines_next(&ob->lines, addr, end, &i))) {
		uint64_t from = addr;

		for (; i < u->n_rows; i++) {
			struct row r = unit_row(&ob->lines, u, i);

			addr = r.addr;
			if (addr >= end || r.end)
				break;
			if (r.is_stmt && r.line)
				add_file(l, &f, name_file(l->names, r.file));
		}
		addr += addr == from || i == u->n_rows;	/* always on, whatever the rows say */
	}
	if (f.n == 1)
		add_text(l, "\t-", 2);
}

static void add_lines(struct label *l, struct object *ob, uint64_t addr, uint64_t size)
{
	size_t i;
	struct unit *u = lines_find(&ob->lines, addr, &i);
	struct row r = { .line = 0 };
	uint32_t file = NAME_NONE;

	if (u)
		r = unit_row(&ob->lines, u, i);
	add_text(l, "\t", 1);
	if (r.line) {
		file = name_file(l->names, r.file);
		add_name(l, file);
		add_number(l, ':', r.line);
	} else {
		add_text(l, "-", 1);
	}
	add_files(l, ob, addr, range_end(addr, addr + size), file);
}

size_t label_make(struct label *l, const struct record_e *e, struct linked at)
{
	char hex[NUM_MAX];
	size_t block;

	l->n = 0;
	if (at.in) {
		object_ready(at.in);
		add_text(l, at.in->name, strlen(at.in->name));
		add_text(l, "\t", 1);
		add_text(l, hex, (size_t)(num_hex(hex, at.addr) - hex));
		add_text(l, e->size_text.s - 1, e->size_text.n + 1);
	} else {
		add_text(l, e->block.s, e->block.n);
	}
	block = l->n;
	add_func(l, at);
	if (at.in)
		add_lines(l, at.in, at.addr, e->size_known ? e->size : 1);
	else
		add_text(l, "\t-\t-", 4);
	add_text(l, "\n", 1);
	return block;
}
