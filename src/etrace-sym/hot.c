/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace runs the same few thousand blocks again and again: what is appended to a record is found by
 * the text of its block, in a cache that a new block takes an old one's place in.  A line is scanned
 * once, 64 bytes together, and copied in pieces of a fixed size, longer than need be, because that is
 * a few moves and no call.
 *
 * in:  E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60
 * out: E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include "hot.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "scan.h"

enum { BITS = 13, PIECE = ANNOTATION_SLACK };

struct hot {
	struct annotator *a;
	struct known {
		struct scan_key key;	/* all 0: none */
		const char *text;
		size_t len;
	} known[1 << BITS];
};

struct hot *hot_new(struct annotator *a)
{
	struct hot *h = must_calloc(1, sizeof *h);

	h->a = a;
	return h;
}

void hot_free(struct hot *h)
{
	free(h);
}

/* Whether LINE, of which SCAN_BYTES bytes can be read, is a plain E record, whose columns are found. */
static inline bool plain(const char *line, unsigned *start, unsigned *size, unsigned *stop, unsigned *len)
{
	uint64_t newline = scan_for(line, '\n'), tabs = scan_for(line, '\t') & (newline - 1) & ~newline, t;
	uint64_t tab3, tab4;

	if (!newline || line[0] != 'E' || !(tabs & 2))
		return false;
	t = scan_rest(scan_rest(tabs));
	tab3 = scan_rest(t);
	tab4 = scan_rest(tab3);
	t = scan_rest(tab4);
	if (!t || scan_rest(t))
		return false;
	*start = scan_first(scan_rest(scan_rest(tabs))) + 1;
	*size = scan_first(tab3) + 1;
	*stop = scan_first(tab4);
	*len = scan_first(newline);
	return *stop - *start <= SCAN_KEY_MAX && *start <= SCAN_BYTES - SCAN_KEY_MAX;
}

void hot_run(struct hot *h, struct stream *r, struct out *o)
{
	const char *line = r->in.buf + r->in.pos, *end = r->in.buf + r->in.end;
	unsigned start, size, stop, len;

	for (; end - line >= SCAN_BYTES && plain(line, &start, &size, &stop, &len); line += len + 1, r->line++) {
		struct scan_key key = scan_key(line + start, stop - start);
		struct known *k = &h->known[scan_hash(&key, BITS)];
		char *p;

		if (!scan_key_is(&k->key, &key)) {
			k->text = annotate_text(h->a, (struct field){ line + start, size - 1 - start },
						(struct field){ line + size, stop - size }, &k->len);
			k->key = k->text ? key : (struct scan_key){ { 0 } };
			if (!k->text)
				break;
		}
		p = out_room(o, SCAN_BYTES + k->len + PIECE);
		memcpy(p, line, SCAN_BYTES);
		p += len;
		for (size_t at = 0; at < k->len; at += PIECE)
			memcpy(p + at, k->text + at, PIECE);
		out_upto(o, p + k->len);
	}
	r->in.pos = (size_t)(line - r->in.buf);
}
