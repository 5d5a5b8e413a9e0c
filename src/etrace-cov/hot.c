/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace runs the same few thousand blocks again and again: a block is found by its text, in a cache
 * that a new one takes an old one's place in.  Only the first SCAN_BYTES bytes of a line are looked
 * at, at once; what etrace-sym appended is the same for all records of a block.
 *
 * in:  E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 * out: the block of "40201a4c<TAB>12" has 1 and 60 ns more
 */
#include "hot.h"

#include <stdlib.h>

#include "die.h"
#include "num.h"
#include "scan.h"

enum { BITS = 13 };

struct hot {
	struct blocks *b;
	struct known {
		struct scan_key key;	/* all 0: none */
		uint32_t id;
	} known[1 << BITS];
};

struct hot *hot_new(struct blocks *b)
{
	struct hot *h = must_calloc(1, sizeof *h);

	h->b = b;
	return h;
}

void hot_free(struct hot *h)
{
	free(h);
}

/* The columns of an E record that are looked at: offsets in its line. */
struct columns {
	unsigned start, size_end, count_end, ns_end;
};

/* Whether LINE, of which SCAN_BYTES bytes can be read, is an E record with the columns there. */
static inline bool plain(const char *line, struct columns *c)
{
	uint64_t newline = scan_for(line, '\n'), tabs = scan_for(line, '\t') | newline, t;

	if (line[0] != 'E' || !(tabs & 2))
		return false;
	t = scan_rest(scan_rest(tabs));
	c->start = t ? scan_first(t) + 1 : SCAN_BYTES;
	tabs = scan_rest(scan_rest(t));
	t = scan_rest(scan_rest(tabs));
	if (!t || ((t - 1) & ~t & newline))
		return false;
	c->size_end = scan_first(tabs);
	c->count_end = scan_first(scan_rest(tabs));
	c->ns_end = scan_first(t);
	return c->size_end - c->start <= SCAN_KEY_MAX && c->start <= SCAN_BYTES - SCAN_KEY_MAX;
}

/* The step that the record LINE is.  False if its CPU is no number. */
static bool step(struct flow *f, const char *line, uint32_t id, uint64_t count)
{
	const char *cpu = line + 2, *end = memchr(cpu, '\t', SCAN_BYTES - 2);
	uint64_t n;

	if (!num_parse_dec(cpu, (size_t)(end - cpu), &n))
		return false;
	if (count)
		flow_step(f, n, id, count);
	return true;
}

bool hot_run(struct hot *h, struct stream *r, struct flow *flow)
{
	const char *first = r->in.buf + r->in.pos, *line = first, *end = r->in.buf + r->in.end;
	struct columns c;

	while (end - line >= SCAN_BYTES && plain(line, &c)) {
		const char *newline = memchr(line + c.ns_end, '\n', (size_t)(end - line - c.ns_end));
		struct scan_key key = scan_key(line + c.start, c.size_end - c.start);
		struct known *k = &h->known[scan_hash(&key, BITS)];
		uint64_t count, ns;

		if (!newline || !num_parse_dec(line + c.size_end + 1, c.count_end - c.size_end - 1, &count) ||
		    !num_parse_dec(line + c.count_end + 1, c.ns_end - c.count_end - 1, &ns))
			break;
		if (!scan_key_is(&k->key, &key)) {
			struct field text = { line + c.start, c.size_end - c.start };

			k->key = (struct scan_key){ { 0 } };
			if (!blocks_find(h->b, text, line, (size_t)(newline - line), &k->id))
				break;
			k->key = key;
		}
		if (flow && !step(flow, line, k->id, count))
			break;
		blocks_count(h->b, k->id, count, ns);
		line = newline + 1;
		r->line++;
	}
	r->in.pos = (size_t)(line - r->in.buf);
	return line != first;
}
