/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps what is mapped where: what comes later lies on top of what was there.
 * in:  G<TAB>1000<TAB>4000<TAB>0<TAB>a.so<TAB>-, G<TAB>2000<TAB>3000<TAB>0<TAB>[anon]<TAB>-
 * out: 1010 is a.so at 10, 2010 [generated code] at 2010, 3010 a.so at 2010
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"
#include "search.h"

struct span {
	uint64_t lo, last;	/* last: included */
	uint64_t at;		/* what U says for lo */
	uint32_t what;		/* a number in whats */
};

struct memory {
	struct intern *whats;
	struct span *span;	/* in order; none overlaps another */
	size_t n, cap;
};

struct memory *memory_new(void)
{
	struct memory *m = must_calloc(1, sizeof *m);

	m->whats = intern_new();
	return m;
}

void memory_free(struct memory *m)
{
	intern_free(m->whats);
	free(m->span);
	free(m);
}

/* What is left of X from ADDR on. */
static struct span from(struct span x, uint64_t addr)
{
	x.at += addr - x.lo;
	x.lo = addr;
	return x;
}

/* Puts X in the place of what it covers, of the spans with numbers from I up to END. */
static void replace(struct memory *m, size_t i, size_t end, struct span x)
{
	struct span piece[3];
	size_t n = 0;

	if (i < end && m->span[i].lo < x.lo) {
		piece[n] = m->span[i];
		piece[n++].last = x.lo - 1;
	}
	piece[n++] = x;
	if (i < end && m->span[end - 1].last > x.last)
		piece[n++] = from(m->span[end - 1], x.last + 1);
	for (size_t k = 0; k < 2; k++)
		GROW(m->span, m->n + k, m->cap);
	memmove(m->span + i + n, m->span + end, (m->n - end) * sizeof *m->span);
	memcpy(m->span + i, piece, n * sizeof *m->span);
	m->n += n - (end - i);
}

bool memory_add(struct memory *m, const char *line, size_t len)
{
	struct record_g g;
	struct span x;
	size_t i, end;
	bool fresh;

	if (!record_read_g(line, len, &g) || g.lo > g.hi - 1)
		return false;
	if (field_is(g.path, "-"))
		return true;
	if (field_is(g.path, "[anon]"))
		g.path = field_of("[generated code]");
	x = (struct span){ g.lo, g.hi - 1, record_u_is_file(g.path) ? g.offset : g.lo, 0 };
	if (x.last - x.lo > UINT64_MAX - x.at)
		return false;
	x.what = intern_put(m->whats, g.path.s, g.path.n, &fresh);
	SEARCH(i, m->n, m->span[i].last < x.lo);
	SEARCH_FROM(end, i, m->n, m->span[end].lo <= x.last);
	replace(m, i, end, x);
	return true;
}

bool memory_at(const struct memory *m, uint64_t addr, struct field *what, uint64_t *at)
{
	size_t i;

	SEARCH(i, m->n, m->span[i].last < addr);
	if (i == m->n || m->span[i].lo > addr)
		return false;
	what->s = intern_text(m->whats, m->span[i].what, &what->n);
	*at = from(m->span[i], addr).at;
	return true;
}
