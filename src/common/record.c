/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the columns of records; record-put.c writes them.
 * in:  F<TAB>work.c<TAB>5<TAB>collatz<TAB>fw.elf<TAB>402019f4<TAB>108<TAB>0<TAB>0
 * out: { work.c, 5, collatz, fw.elf, 0x402019f4, 108, 0, 0 }
 */
#include "record.h"

#include "record-read.h"
#include "scan.h"

/* Columns, by kind; the last of each is how many there are. */
enum { E_CPU = 1, E_TIME, E_IN, E_START, E_SIZE, E_COUNT, E_NS, E_BARE, E_PLACE = E_BARE, E_LINE, E_ALSO, E_COLUMNS };
enum { T_CPU = 1, T_IN, T_VADDR, T_PADDR, T_CODE, T_HOST_CODE, T_COLUMNS };
enum { P_IN = 1, P_START, P_SIZE, P_NAME, P_LINKED, P_PLACE, P_LINE, P_ALSO, P_COLUMNS };
enum { G_LO = 1, G_HI, G_OFFSET, G_PATH, G_BUILD_ID, G_COLUMNS };
enum { A_NAME = 1, A_LO, A_HI, A_LINKED, A_COLUMNS };
enum { O_NAME = 1, O_PATH, O_BUILD_ID, O_COLUMNS };
enum { F_FILE = 1, F_LINE, F_NAME, F_IN, F_ADDR, F_SIZE, F_COUNT, F_NS, F_COLUMNS };
enum { L_FILE = 1, L_LINE, L_FUNC, L_IN, L_ADDRS, L_COUNT, L_NS, L_COLUMNS };
enum { R_FILE = 1, R_LINE, R_FUNC, R_IN, R_ADDR, R_LEN, R_TARGET, R_TAKEN, R_NOT_TAKEN, R_COLUMNS };
enum { U_LO = 1, U_HI, U_WHAT, U_COUNT, U_NS, U_COLUMNS };

const char *record_shape(char kind)
{
	switch (kind) {
	case 'A': return "an A record is: A name lo hi linked";
	case 'C': return "a C record is: C in entry func file line addr to-in to-entry to-func count blocks ns";
	case 'E': return "an E record is: E cpu time in start size count ns [place line also]";
	case 'F': return "an F record is: F file line name in addr size count ns";
	case 'G': return "a G record is: G lo hi offset path build-id";
	case 'J': return "a J record is: J cpu in start size to-in to-start to-size count";
	case 'K': return "a K record is: K in start size place line end at to role";
	case 'L': return "an L record is: L file line func in addr+len[:count],... count ns";
	case 'O': return "an O record is: O name path build-id";
	case 'P': return "a P record is: P in start size name linked place line also";
	case 'R': return "an R record is: R file line func in addr len target taken not-taken";
	case 'S': return "an S record is: S stack blocks ns";
	case 'T': return "a T record is: T cpu in vaddr paddr code host-code";
	case 'U': return "a U record is: U lo hi what count ns";
	case 'W': return "a W record is: W cpu time count steps in start size ns [in start size ns ...]";
	case 'X': return "an X record is: X cpu time kind from to";
	case 'Y': return "a Y record is: Y cpu time stack";
	}
	return NULL;
}

bool record_is_of_one_run(char kind)
{
	switch (kind) {
	case 'A': case 'B': case 'D': case 'G': case 'K': case 'M': case 'N': case 'P': case 'T': case 'V':
	case 'X': case 'Y':
		return true;
	}
	return false;
}

bool field_is(struct field f, const char *text)
{
	return f.n == strlen(text) && !memcmp(f.s, text, f.n);
}

/* Finds TABs 16 bytes at a time: columns are short, and a call for each of them takes longer than finding it. */
size_t record_split(const char *line, size_t len, struct field *f, size_t max)
{
	const char *end = line + len, *from = line, *p = line;
	size_t n = 0;

	for (; p < end; p += SCAN_PIECE) {
		unsigned tabs = scan_piece(p, (size_t)(end - p), '\t');

		for (; tabs; tabs &= tabs - 1, n++) {
			const char *tab = p + __builtin_ctz(tabs);

			if (n < max)
				f[n] = (struct field){ from, (size_t)(tab - from) };
			from = tab + 1;
		}
	}
	if (n < max)
		f[n] = (struct field){ from, (size_t)(end - from) };
	return n + 1;
}

bool record_read_e(const char *line, size_t len, struct record_e *e)
{
	struct field f[E_COLUMNS];
	size_t n = record_split(line, len, f, E_COLUMNS);

	if ((n != E_BARE && n != E_COLUMNS) || !hex(f[E_START], &e->start) ||
	    !maybe_dec(f[E_SIZE], &e->size, &e->size_known) || !maybe_dec(f[E_COUNT], &e->count, &e->count_known) ||
	    !maybe_dec(f[E_NS], &e->ns, &e->ns_known))
		return false;
	if (!fits(e->start, e->size))
		return false;
	e->cpu = f[E_CPU];
	e->time = f[E_TIME];
	e->in = f[E_IN];
	e->block = span(f[E_IN], f[E_SIZE]);
	e->size_text = f[E_SIZE];
	e->times = (struct field){ f[E_COUNT].s - 1, f[E_COUNT].n + f[E_NS].n + 2 };
	e->place = e->line = e->also = (struct field){ "", 0 };
	if (n == E_COLUMNS) {
		e->place = f[E_PLACE];
		e->line = f[E_LINE];
		e->also = f[E_ALSO];
	}
	return true;
}

bool record_read_block(struct field block, struct record_e *e)
{
	struct field f[3];

	*e = (struct record_e){ .block = block };
	if (record_split(block.s, block.n, f, 3) != 3 || !hex(f[1], &e->start) ||
	    !maybe_dec(f[2], &e->size, &e->size_known) || !fits(e->start, e->size))
		return false;
	e->in = f[0];
	e->size_text = f[2];
	return true;
}

bool record_read_t(const char *line, size_t len, struct record_t *t)
{
	struct field f[T_COLUMNS];

	if (record_split(line, len, f, T_COLUMNS) != T_COLUMNS || !hex(f[T_VADDR], &t->vaddr))
		return false;
	t->cpu = f[T_CPU];
	t->in = f[T_IN];
	t->spot = span(f[T_IN], f[T_VADDR]);
	t->code = f[T_CODE];
	return true;
}

bool record_read_p(const char *line, size_t len, struct record_p *p)
{
	struct field f[P_COLUMNS];
	uint64_t start;
	bool known;

	if (record_split(line, len, f, P_COLUMNS) != P_COLUMNS || !hex(f[P_START], &start) ||
	    !maybe_dec(f[P_SIZE], &p->size, &known) || !hex(f[P_LINKED], &p->linked) || !fits(p->linked, p->size))
		return false;
	p->block = span(f[P_IN], f[P_SIZE]);
	p->size_text = f[P_SIZE];
	p->name = f[P_NAME];
	p->place = f[P_PLACE];
	p->line = f[P_LINE];
	p->also = f[P_ALSO];
	return true;
}

bool record_read_g(const char *line, size_t len, struct record_g *g)
{
	struct field f[G_COLUMNS];

	if (record_split(line, len, f, G_COLUMNS) != G_COLUMNS || !hex(f[G_LO], &g->lo) || !hex(f[G_HI], &g->hi) ||
	    !hex(f[G_OFFSET], &g->offset))
		return false;
	g->path = f[G_PATH];
	g->build_id = f[G_BUILD_ID];
	return true;
}

bool record_read_a(const char *line, size_t len, struct record_a *a)
{
	struct field f[A_COLUMNS];

	if (record_split(line, len, f, A_COLUMNS) != A_COLUMNS || !hex(f[A_LO], &a->lo) || !hex(f[A_HI], &a->hi) ||
	    !hex(f[A_LINKED], &a->linked))
		return false;
	a->name = f[A_NAME];
	return true;
}

bool record_read_o(const char *line, size_t len, struct record_o *r)
{
	struct field f[O_COLUMNS];

	if (record_split(line, len, f, O_COLUMNS) != O_COLUMNS)
		return false;
	*r = (struct record_o){ f[O_NAME], f[O_PATH], f[O_BUILD_ID] };
	return true;
}

bool record_read_f(const char *line, size_t len, struct record_f *r)
{
	struct field f[F_COLUMNS];
	bool known;

	if (record_split(line, len, f, F_COLUMNS) != F_COLUMNS || !line_number(f[F_LINE], &r->line) ||
	    !hex(f[F_ADDR], &r->addr) || !maybe_dec(f[F_SIZE], &r->size, &known) || !dec(f[F_COUNT], &r->count) ||
	    !maybe_dec(f[F_NS], &r->ns, &known))
		return false;
	r->file = f[F_FILE];
	r->name = f[F_NAME];
	r->in = f[F_IN];
	r->key = span(f[F_FILE], f[F_SIZE]);
	return true;
}

bool record_read_l(const char *line, size_t len, struct record_l *l)
{
	struct field f[L_COLUMNS];
	bool known;

	if (record_split(line, len, f, L_COLUMNS) != L_COLUMNS || !line_number(f[L_LINE], &l->line) ||
	    is_unknown(f[L_ADDRS]) || !dec(f[L_COUNT], &l->count) || !maybe_dec(f[L_NS], &l->ns, &known))
		return false;
	l->file = f[L_FILE];
	l->func = f[L_FUNC];
	l->in = f[L_IN];
	l->addrs = f[L_ADDRS];
	return true;
}

bool record_statement(struct field *addrs, uint64_t count, struct statement *x)
{
	const char *s = addrs->s, *end = s + addrs->n, *plus = memchr(s, '+', addrs->n), *stop = plus;
	uint64_t addr, len;

	if (!plus || !num_parse_hex(s, (size_t)(plus - s), &addr))
		return false;
	while (++stop < end && *stop != ',' && *stop != ':')
		;
	if (!num_parse_dec(plus + 1, (size_t)(stop - plus - 1), &len) || len > UINT32_MAX)
		return false;
	if (stop < end && *stop == ':') {
		s = stop + 1;
		stop = memchr(s, ',', (size_t)(end - s));
		stop = stop ? stop : end;
		if (!num_parse_dec(s, (size_t)(stop - s), &count))
			return false;
	}
	if (stop < end && ++stop == end)
		return false;	/* a comma, and nothing after it */
	*x = (struct statement){ addr, count, (uint32_t)len };
	*addrs = (struct field){ stop, (size_t)(end - stop) };
	return true;
}

bool record_read_r(const char *line, size_t len, struct record_r *r)
{
	struct field f[R_COLUMNS];
	bool taken, passed;

	if (record_split(line, len, f, R_COLUMNS) != R_COLUMNS || !line_number(f[R_LINE], &r->line) ||
	    !hex(f[R_ADDR], &r->addr) || !dec(f[R_LEN], &r->len) || !maybe_dec(f[R_TAKEN], &r->taken, &taken) ||
	    !maybe_dec(f[R_NOT_TAKEN], &r->passed, &passed))
		return false;
	r->target = 0;
	r->returns = is_unknown(f[R_TARGET]);
	if (!r->returns && !hex(f[R_TARGET], &r->target))
		return false;
	r->known = taken && passed;
	r->file = f[R_FILE];
	r->func = f[R_FUNC];
	r->in = f[R_IN];
	r->key = span(f[R_FILE], f[R_TARGET]);
	return true;
}

bool record_read_u(const char *line, size_t len, struct record_u *u)
{
	struct field f[U_COLUMNS];

	if (record_split(line, len, f, U_COLUMNS) != U_COLUMNS || !dec(f[U_COUNT], &u->count) || !dec(f[U_NS], &u->ns))
		return false;
	u->lo = u->hi = 0;
	u->placed = !is_unknown(f[U_LO]) || !is_unknown(f[U_HI]);
	u->what = f[U_WHAT];
	return !u->placed || (hex(f[U_LO], &u->lo) && hex(f[U_HI], &u->hi) && u->lo <= u->hi - 1);
}
