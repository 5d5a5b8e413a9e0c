/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace runs the same few thousand blocks again and again: what their records get is found by the text of the
 * block, in a direct-mapped cache.  A line is scanned once, 64 bytes together, and copied in pieces of a fixed size,
 * longer than need be, because that is a few moves and no call.
 *
 * in:  E<TAB>0<TAB>-<TAB>:8f21c0a4<TAB>40201a4c<TAB>12<TAB>1<TAB>60
 * out: E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include "known.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "scan.h"

enum { BITS = 13, PIECE = 32 };

struct known {
	struct annotator *a;
	unsigned version;	/* of A's annotations */
	struct slot {
		struct scan_key key;	/* all 0: none */
		struct annotation is;
	} __attribute__((aligned(64))) slot[1 << BITS];	/* one line of the processor's cache each */
};

struct known *known_new(struct annotator *a)
{
	struct known *k = aligned_alloc(_Alignof(struct known), sizeof *k);

	if (!k)
		die(ST_SYSTEM, "no memory left");
	memset(k, 0, sizeof *k);
	k->a = a;
	k->version = annotate_version(a);
	return k;
}

void known_free(struct known *k)
{
	free(k);
}

/* Forgets annotations that may have changed. */
static void refresh(struct known *k)
{
	if (k->version != annotate_version(k->a))
		memset(k->slot, 0, sizeof k->slot);
	k->version = annotate_version(k->a);
}

bool known_block(struct known *k, struct field block, const char *end, struct annotation *x, struct out *o)
{
	struct scan_key key;
	struct slot *s;

	if (!block.n || block.n > SCAN_KEY_MAX || end - block.s < SCAN_KEY_MAX)
		return annotate_block(k->a, block, x, o);
	refresh(k);
	key = scan_key(block.s, (unsigned)block.n);
	s = &k->slot[scan_hash(&key, BITS)];
	if (!scan_key_is(&s->key, &key)) {
		s->key = (struct scan_key){ { 0 } };
		if (!annotate_block(k->a, block, x, o))
			return false;
		if (x->text == block.s)
			return true;
		s->is = *x;
		s->key = key;
	}
	*x = s->is;
	return true;
}

/*
 * Appends the N bytes at S, the first AT of them without looking at N; as many, and PIECE after the last, can be read
 * and written.
 */
static inline char *copy(char *p, const char *s, size_t n, size_t at)
{
	memcpy(p, s, at);
	for (; at < n; at += PIECE)
		memcpy(p + at, s + at, PIECE);
	return p + n;
}

void known_run(struct known *k, struct stream *r, struct out *o)
{
	const char *line = r->in.buf + r->in.pos, *end = r->in.buf + r->in.end;
	struct scan_e e;

	refresh(k);
	for (; end - line >= 2 * SCAN_BYTES && scan_e(line, &e) && e.len && e.len == e.ns_end;
	     line += e.len + 1, r->line++) {
		struct scan_key key = scan_key(line + e.in, e.size_end - e.in);
		struct slot *s = &k->slot[scan_hash(&key, BITS)];
		char *p;

		if (!scan_key_is(&s->key, &key)) {
			s->key = (struct scan_key){ { 0 } };
			if (!annotate_find(k->a, line, e.len, &s->is, o))
				break;
			s->key = key;
		}
		p = out_room(o, SCAN_BYTES + s->is.len + ANNOTATION_SLACK);
		memcpy(p, line, SCAN_BYTES - SCAN_KEY_MAX);
		p = copy(p + e.in, s->is.text, s->is.block, PIECE);
		p = copy(p, line + e.size_end, e.len - e.size_end, PIECE);
		out_upto(o, copy(p, s->is.text + s->is.block, s->is.len - s->is.block, ANNOTATION_SLACK));
	}
	r->in.pos = (size_t)(line - r->in.buf);
}
