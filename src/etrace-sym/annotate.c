/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Appends function, line and files to E records.  What is appended depends on the block alone, so it
 * is made once and found again by the text of the block, "start TAB size".
 *
 * in:  E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60
 * out: E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include "annotate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"
#include "num.h"
#include "stream.h"

struct block {
	char *text;		/* owned: the start, if it is to be another, then what is appended */
	uint32_t start_len, len;	/* bytes of the start (0: as it was), and of what is appended */
};

struct annotator {
	struct image *images;
	size_t n_images;
	struct names *names;
	unsigned address_bits;
	struct intern *blocks;
	struct block *block;	/* by its number in the map */
	size_t n_block, cap_block;
	char *text;		/* scratch: of the block at hand */
	size_t n_text, cap_text;
	uint64_t first_unknown;	/* address of a block that is in no image */
	bool any_unknown, low_half_said;
};

struct annotator *annotate_new(struct image *images, size_t n, struct names *names)
{
	struct annotator *a = must_calloc(1, sizeof *a);

	a->images = images;
	a->n_images = n;
	a->names = names;
	a->blocks = intern_new();
	return a;
}

void annotate_free(struct annotator *a)
{
	for (size_t i = 0; i < a->n_block; i++)
		free(a->block[i].text);
	intern_free(a->blocks);
	free(a->block);
	free(a->text);
	free(a);
}

void annotate_address_bits(struct annotator *a, unsigned bits)
{
	a->address_bits = bits;
}

/*
 * A trace that cut a 64-bit guest's addresses to their low halves: the one upper half that makes
 * ADDR code, if there is just one.
 */
static struct image *by_low_half(struct annotator *a, uint64_t *addr)
{
	struct image *found = NULL;
	uint64_t full = *addr;

	for (size_t i = 0; i < a->n_images; i++) {
		const struct elf *e = &a->images[i].elf;

		for (size_t j = 0; j < e->n_code; j++) {
			uint64_t try = ((e->code[j].lo + e->bias) & ~(uint64_t)UINT32_MAX) | *addr;

			if (!elf_is_code(e, try - e->bias) || (found && try == full))
				continue;
			if (found)
				return NULL;
			found = &a->images[i];
			full = try;
		}
	}
	if (found && full != *addr && !a->low_half_said) {
		warn("addresses in this trace have 32 bits, %s has 64: matching low halves (%llx is %llx)",
		     found->elf.path, (unsigned long long)*addr, (unsigned long long)full);
		a->low_half_said = true;
	}
	*addr = full;
	return found;
}

static struct image *find_image(struct annotator *a, uint64_t *addr)
{
	struct image *im = NULL;

	if (a->address_bits == 32 && *addr <= UINT32_MAX)
		im = by_low_half(a, addr);
	if (!im)
		im = image_at(a->images, a->n_images, *addr);
	if (im) {
		im->ran = true;
	} else if (!a->any_unknown) {
		a->any_unknown = true;
		a->first_unknown = *addr;
	}
	return im;
}

static void add_text(struct annotator *a, const char *s, size_t n)
{
	if (a->n_text + n > a->cap_text) {
		a->cap_text = (a->cap_text + n) * 2 + 4096;
		a->text = must_realloc(a->text, a->cap_text, 1);
	}
	memcpy(a->text + a->n_text, s, n);
	a->n_text += n;
}

static void add_name(struct annotator *a, uint32_t name)
{
	size_t n;
	const char *s = name_text(a->names, name, &n);

	add_text(a, s, n);
}

static void add_number(struct annotator *a, char before, uint64_t v)
{
	char num[1 + NUM_MAX], *end = num_dec(num + 1, v);

	num[0] = before;
	add_text(a, num, (size_t)(end - num));
}

static void add_func(struct annotator *a, struct image *im, uint64_t addr)
{
	uint32_t i = im ? symtab_find(&im->sym, addr) : SYM_NONE;

	add_text(a, "\t", 1);
	if (i == SYM_NONE) {
		add_text(a, "-", 1);
		return;
	}
	add_name(a, im->sym.sym[i].name);
	add_number(a, '+', addr - im->sym.sym[i].addr);
}

struct files {
	uint32_t seen[16];	/* seen[0] is the one that file:line shows */
	size_t n;
};

static void add_file(struct annotator *a, struct files *f, uint32_t name)
{
	size_t i = 0;

	while (i < f->n && f->seen[i] != name)
		i++;
	if (i < f->n)
		return;
	add_text(a, f->n == 1 ? "\t" : ",", 1);
	add_name(a, name);
	if (f->n < sizeof f->seen / sizeof *f->seen)
		f->seen[f->n++] = name;
}

/*
 * The files, other than SHOWN, that the block [ADDR, END) has statements of: with them a grep for a
 * file keeps all blocks that count for it.
 */
static void add_files(struct annotator *a, struct image *im, uint64_t addr, uint64_t end, uint32_t shown)
{
	struct files f = { .seen = { shown }, .n = 1 };
	struct unit *u;
	size_t i;

	while (addr < end && (u = lines_next(&im->lines, addr, end, &i))) {
		uint64_t from = addr;

		for (; i < u->n_rows; i++) {
			struct row r = unit_row(&im->lines, u, i);

			addr = r.addr;
			if (addr >= end || r.end)
				break;
			if (r.is_stmt && r.line)
				add_file(a, &f, name_file(a->names, r.file));
		}
		addr += addr == from || i == u->n_rows;	/* always on, whatever the rows say */
	}
	if (f.n == 1)
		add_text(a, "\t-", 2);
}

static void add_lines(struct annotator *a, struct image *im, uint64_t addr, uint64_t size)
{
	size_t i;
	struct unit *u = lines_find(&im->lines, addr, &i);
	struct row r = { .line = 0 };
	uint32_t file = NAME_NONE;

	if (u)
		r = unit_row(&im->lines, u, i);
	add_text(a, "\t", 1);
	if (r.line) {
		file = name_file(a->names, r.file);
		add_name(a, file);
		add_number(a, ':', r.line);
	} else {
		add_text(a, "-", 1);
	}
	add_files(a, im, addr, range_end(addr, addr + size), file);
}

static void make_block(struct annotator *a, struct block *b, struct field start, struct field size)
{
	uint64_t addr = 0, bytes = 0, full;
	struct image *im = NULL;
	char hex[NUM_MAX], *end;

	*b = (struct block){ .text = NULL };
	a->n_text = 0;
	if (num_parse_hex(start.s, start.n, &addr) && num_parse_dec(size.s, size.n, &bytes)) {
		full = addr;
		im = find_image(a, &full);
		if (full != addr) {
			end = num_hex(hex, full);
			b->start_len = (uint32_t)(end - hex);
			add_text(a, hex, b->start_len);
			addr = full;
		}
	}
	add_func(a, im, im ? addr - im->elf.bias : 0);
	if (im)
		add_lines(a, im, addr - im->elf.bias, bytes);
	else
		add_text(a, "\t-\t-", 4);
	add_text(a, "\n", 1);
	b->len = (uint32_t)(a->n_text - b->start_len);
	b->text = must_calloc(a->n_text + ANNOTATION_SLACK, 1);
	memcpy(b->text, a->text, a->n_text);
}

static struct block *block_of(struct annotator *a, struct field start, struct field size)
{
	bool fresh;
	uint32_t id = intern_put(a->blocks, start.s, (size_t)(size.s + size.n - start.s), &fresh);

	if (fresh) {
		GROW(a->block, id, a->cap_block);
		a->n_block = id + 1;
		make_block(a, &a->block[id], start, size);
	}
	return &a->block[id];
}

const char *annotate_text(struct annotator *a, struct field start, struct field size, size_t *len)
{
	const struct block *b = block_of(a, start, size);

	*len = b->len;
	return b->start_len ? NULL : b->text;
}

/* An E record that has more or fewer than 7 columns: annotate it if what annotates it is "-". */
static void odd_e(struct annotator *a, const char *line, size_t len, struct out *o)
{
	struct field f[9];
	size_t n = record_split(line, len, f, 9);
	const struct block *b;

	if (n < 9 || !field_is(f[7], "-") || !field_is(f[8], "-")) {
		out_mem(o, line, len);
		out_char(o, '\n');
		return;
	}
	b = block_of(a, f[3], f[4]);
	out_mem(o, line, (size_t)(f[6].s + f[6].n - line));
	out_mem(o, b->text + b->start_len, b->len);
}

void annotate_e(struct annotator *a, const char *line, size_t len, struct out *o)
{
	const char *tab[6], *p = line + 1, *end = line + len;
	const struct block *b;
	int n = 0;

	for (; p < end; p++) {
		if (*p != '\t')
			continue;
		if (n == 6)
			break;
		tab[n++] = p;
	}
	if (n < 6 || p < end) {
		odd_e(a, line, len, o);
		return;
	}
	b = block_of(a, (struct field){ tab[2] + 1, (size_t)(tab[3] - tab[2] - 1) },
		     (struct field){ tab[3] + 1, (size_t)(tab[4] - tab[3] - 1) });
	if (b->start_len) {
		out_mem(o, line, (size_t)(tab[2] + 1 - line));
		out_mem(o, b->text, b->start_len);
		line = tab[3];
	}
	out_mem(o, line, (size_t)(end - line));
	out_mem(o, b->text + b->start_len, b->len);
}

void annotate_place(struct annotator *a, uint64_t addr, char *text, size_t size)
{
	const struct image *im = image_at(a->images, a->n_images, addr);
	uint32_t i;

	addr -= im ? im->elf.bias : 0;
	i = im ? symtab_find(&im->sym, addr) : SYM_NONE;
	if (i == SYM_NONE)
		snprintf(text, size, "-");
	else
		snprintf(text, size, "%s+%llu", name_text(a->names, im->sym.sym[i].name, NULL),
			 (unsigned long long)(addr - im->sym.sym[i].addr));
}

bool annotate_is_thumb(struct annotator *a, uint64_t addr)
{
	const struct image *im = image_at(a->images, a->n_images, addr);

	return im && symtab_is_thumb(&im->sym, addr - im->elf.bias);
}

bool annotate_unknown(const struct annotator *a, uint64_t *addr)
{
	*addr = a->first_unknown;
	return a->any_unknown;
}
