/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MAP, from etrace-plugin: which file the guest's executable addresses are of, from here on.
 *
 *	u64 lo, u64 hi		guest virtual addresses, hi not included
 *	u64 offset		of lo in the file
 *	path and build-id, text, each with its NUL; an empty path: nothing is there any more
 *
 * out: G<TAB>7f2a00001000<TAB>7f2a00056000<TAB>1000<TAB>/usr/lib/libc.so.6<TAB>9b86d6a4
 */
#include "pkt.h"

#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "die.h"
#include "esc.h"
#include "record.h"

/* The text up to its NUL, as a field; its bytes are to be freed. */
static struct field text(struct cursor *c)
{
	const char *s = (const char *)c->p, *nul = memchr(s, 0, cursor_left(c));
	size_t n = nul ? (size_t)(nul - s) : cursor_left(c);
	char *field = must_calloc(n + 1, ESC_MAX);

	c->bad |= !nul;
	cursor_bytes(c, n + (nul != NULL));
	if (!n)
		*field = '-';
	return (struct field){ field, n ? (size_t)(esc_put(field, s, n) - field) : 1 };
}

/*
 * With -c the T records come when the trace ends, and so does this, in its place among them.  It comes at once too:
 * etrace-sym learns which files there are, and has something to do.
 */
static void tell(struct trace *t, const struct record_g *g)
{
	record_put_g(t->out, g);
	if (!t->fold)
		return;
	out_flush(t->out);
	if (!t->blocks)
		t->blocks = blocks_new();
	blocks_keep_map(t->blocks, g);
}

static void decode(struct trace *t, const struct pkt *k, struct cursor *c)
{
	struct record_g g = { .lo = cursor_u64(c) };

	(void)k;
	g.hi = cursor_u64(c);
	g.offset = cursor_u64(c);
	g.path = text(c);
	g.build_id = text(c);
	if (!c->bad)
		tell(t, &g);
	free((char *)g.path.s);
	free((char *)g.build_id.s);
}

const struct pkt_kind pkt_map = { WIRE_MAP, false, WIRE_MAP_SIZE, "MAP", decode };
