/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Has the blocks of W and J records say which object's code ran, as annotate.c has those of E records.
 *
 * in:  J<TAB>0<TAB>:8f21c0a4<TAB>40201a4c<TAB>12<TAB>:90b5e1d2<TAB>40201a58<TAB>8<TAB>499
 * out: J<TAB>0<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>fw.elf<TAB>40201a58<TAB>8<TAB>499
 */
#include "walked.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "scan.h"

struct walked {
	struct known *known;
	char *text;		/* the record, while it is made: what it says of places comes before it */
	size_t n, cap;
};

struct walked *walked_new(struct known *k)
{
	struct walked *w = must_calloc(1, sizeof *w);

	w->known = k;
	return w;
}

void walked_free(struct walked *w)
{
	free(w->text);
	free(w);
}

/* Appends N bytes and a TAB. */
static void put(struct walked *w, const char *s, size_t n)
{
	if (w->n + n + 1 > w->cap) {
		w->cap = 2 * (w->n + n + 1);
		w->text = must_realloc(w->text, w->cap, 1);
	}
	memcpy(w->text + w->n, s, n);
	w->n += n;
	w->text[w->n++] = '\t';
}

/* Appends a block, before END in its line.  False if it is malformed. */
static bool put_block(struct walked *w, struct field block, const char *end, struct out *o)
{
	struct annotation x;

	if (!known_block(w->known, block, end, &x, o))
		return false;
	put(w, x.text, x.block);
	return true;
}

/* Writes what was appended as a line. */
static bool write_line(struct walked *w, struct out *o)
{
	w->text[w->n - 1] = '\n';
	out_mem(o, w->text, w->n);
	return true;
}

bool walked_w(struct walked *w, const char *line, size_t len, struct out *o)
{
	const char *p, *end = line + len;
	size_t size_end, ns_end;
	struct record_w r;

	if (!record_read_w(line, len, &r))
		return false;
	w->n = 0;
	put(w, line, (size_t)(r.blocks.s - line) - 1);
	for (p = r.blocks.s; p <= end; p += ns_end + 1) {
		if (!scan_walk_block(p, end, &size_end, &ns_end) ||
		    !put_block(w, (struct field){ p, size_end }, end, o))
			return false;
		put(w, p + size_end + 1, ns_end - size_end - 1);
	}
	return write_line(w, o);
}

bool walked_j(struct walked *w, const char *line, size_t len, struct unsized *u, struct out *o)
{
	const char *end = line + len;
	struct record_j r;
	struct field f;

	if (!record_read_j(line, len, &r))
		return false;
	w->n = 0;
	put(w, line, (size_t)(r.from.s - line) - 1);
	f = unsized_block(u, r.from, false);
	if (!put_block(w, f, f.s + f.n, o))
		return false;
	f = unsized_block(u, r.to, true);
	if (!put_block(w, f, f.s + f.n, o))
		return false;
	put(w, r.to.s + r.to.n + 1, (size_t)(end - (r.to.s + r.to.n + 1)));
	return write_line(w, o);
}
