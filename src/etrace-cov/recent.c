/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace runs the same few thousand blocks again and again: a block is found by its text, in a direct-mapped
 * cache.  Only the first SCAN_BYTES bytes of a line are looked at, at once.  What etrace-sym appended is the same for
 * all records of a block: a line that is longer or shorter is looked at as if the block were new, since another line
 * may have run into it.
 *
 * in:  E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 * out: the block of "fw.elf<TAB>40201a4c<TAB>12" has 1 and 60 ns more
 */
#include "recent.h"

#include <stdlib.h>

#include "die.h"
#include "num.h"
#include "scan.h"

enum { BITS = 13 };

struct recent {
	struct blocks *b;
	struct known {
		struct scan_key key;	/* all 0: none */
		uint32_t id;
		uint32_t appended;	/* bytes, with a TAB before each column */
	} known[1 << BITS];
};

struct recent *recent_new(struct blocks *b)
{
	struct recent *x = must_calloc(1, sizeof *x);

	x->b = b;
	return x;
}

void recent_free(struct recent *x)
{
	free(x);
}

/* Whether these N bytes after ns are as many columns as etrace-sym appends, or none. */
static bool are_columns(const char *s, size_t n)
{
	const char *end = s + n;
	int tabs = 0;

	while ((s = memchr(s, '\t', (size_t)(end - s)))) {
		s++;
		tabs++;
	}
	return !n || tabs == RECORD_APPENDED;
}

/* Makes K that of the block of LINE, whose columns are at E.  False if the line is for stream_next(). */
static bool remember(struct recent *x, struct known *k, const struct scan_key *key, const char *line,
		     const struct scan_e *e, size_t len)
{
	struct field text = { line + e->in, e->size_end - e->in };
	size_t appended = len - e->ns_end;

	k->key = (struct scan_key){ { 0 } };
	if (appended > UINT32_MAX || !are_columns(line + e->ns_end, appended) ||
	    !blocks_find(x->b, text, line, len, &k->id))
		return false;
	k->key = *key;
	k->appended = (uint32_t)appended;
	return true;
}

/* The step that the record LINE is.  False if its CPU is no number. */
static bool step(const struct readers *r, const char *line, uint32_t id, uint64_t count, uint64_t ns)
{
	const char *cpu = line + 2, *end = memchr(cpu, '\t', SCAN_BYTES - 2);
	uint64_t n;

	if (!num_parse_dec(cpu, (size_t)(end - cpu), &n))
		return false;
	if (count)
		readers_step(r, n, id, count, ns);
	return true;
}

bool recent_run(struct recent *x, struct stream *r, const struct readers *readers)
{
	const char *first = r->in.buf + r->in.pos, *line = first, *end = r->in.buf + r->in.end;
	struct scan_e e;

	while (end - line >= SCAN_BYTES && scan_e(line, &e)) {
		const char *newline = e.len ? line + e.len : memchr(line + SCAN_BYTES, '\n', (size_t)(end - line - SCAN_BYTES));
		struct scan_key key = scan_key(line + e.in, e.size_end - e.in);
		struct known *k = &x->known[scan_hash(&key, BITS)];
		uint64_t count, ns;

		if (!newline || !num_parse_dec(line + e.size_end + 1, e.count_end - e.size_end - 1, &count) ||
		    !num_parse_dec(line + e.count_end + 1, e.ns_end - e.count_end - 1, &ns))
			break;
		if ((!scan_key_is(&k->key, &key) || (size_t)(newline - line) != e.ns_end + k->appended) &&
		    !remember(x, k, &key, line, &e, (size_t)(newline - line)))
			break;
		if (readers && !step(readers, line, k->id, count, ns))
			break;
		blocks_count(x->b, k->id, count, ns);
		line = newline + 1;
		r->line++;
	}
	r->in.pos = (size_t)(line - r->in.buf);
	return line != first;
}
