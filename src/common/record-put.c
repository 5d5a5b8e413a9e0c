/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the columns of records; record.c reads them.
 * in:  { work.c, 5, collatz, fw.elf, 0x402019f4, 108, 0, 0 }
 * out: F<TAB>work.c<TAB>5<TAB>collatz<TAB>fw.elf<TAB>402019f4<TAB>108<TAB>0<TAB>0
 */
#include "record.h"

static void put(struct out *o, struct field f)
{
	out_mem(o, f.s, f.n);
	out_char(o, '\t');
}

static void put_line(struct out *o, uint32_t line)
{
	if (line)
		out_dec(o, line);
	else
		out_char(o, '-');
	out_char(o, '\t');
}

static void put_hex(struct out *o, uint64_t v, char after)
{
	out_hex(o, v);
	out_char(o, after);
}

/* A TAB, COUNT, a TAB, NS, a newline. */
static void put_counts(struct out *o, uint64_t count, uint64_t ns)
{
	char *p = record_put_times(out_room(o, RECORD_TIMES_MAX + 1), false, count, ns);

	*p++ = '\n';
	out_upto(o, p);
}

void record_put_g(struct out *o, const struct record_g *g)
{
	out_str(o, "G\t");
	put_hex(o, g->lo, '\t');
	put_hex(o, g->hi, '\t');
	put_hex(o, g->offset, '\t');
	put(o, g->path);
	out_mem(o, g->build_id.s, g->build_id.n);
	out_char(o, '\n');
}

void record_put_x(struct out *o, const struct record_x *r)
{
	out_str(o, "X\t");
	out_dec(o, r->cpu);
	out_char(o, '\t');
	out_dec(o, r->time);
	out_char(o, '\t');
	put(o, r->kind);
	put_hex(o, r->from, '\t');
	put_hex(o, r->to, '\n');
}

void record_put_p(struct out *o, const struct record_p *p)
{
	out_str(o, "P\t");
	put(o, p->block);
	put(o, p->name);
	put_hex(o, p->linked, '\t');
	put(o, p->place);
	put(o, p->line);
	out_mem(o, p->also.s, p->also.n);
	out_char(o, '\n');
}

void record_put_o(struct out *o, const struct record_o *r)
{
	out_str(o, "O\t");
	put(o, r->name);
	put(o, r->path);
	out_mem(o, r->build_id.s, r->build_id.n);
	out_char(o, '\n');
}

void record_put_a(struct out *o, const struct record_a *r)
{
	out_str(o, "A\t");
	put(o, r->name);
	put_hex(o, r->lo, '\t');
	put_hex(o, r->hi, '\t');
	put_hex(o, r->linked, '\n');
}

void record_put_f(struct out *o, const struct record_f *f)
{
	out_str(o, "F\t");
	put(o, f->file);
	put_line(o, f->line);
	put(o, f->name);
	put(o, f->in);
	put_hex(o, f->addr, '\t');
	out_dec(o, f->size);
	put_counts(o, f->count, f->ns);
}

void record_put_f_counts(struct out *o, struct field key, uint64_t count, uint64_t ns)
{
	out_str(o, "F\t");
	out_mem(o, key.s, key.n);
	put_counts(o, count, ns);
}

void record_put_l(struct out *o, const struct record_l *l)
{
	out_str(o, "L\t");
	put(o, l->file);
	put_line(o, l->line);
	put(o, l->func);
	put(o, l->in);
}

void record_put_statement(struct out *o, const struct statement *s, uint64_t line_count, bool first)
{
	char *p = out_room(o, 1 + RECORD_ADDR_MAX + 1 + NUM_MAX);

	if (!first)
		*p++ = ',';
	p = num_hex(p, s->addr);
	*p++ = '+';
	p = num_dec(p, s->len);
	if (s->count != line_count) {
		*p++ = ':';
		p = num_dec(p, s->count);
	}
	out_upto(o, p);
}

void record_put_l_counts(struct out *o, uint64_t count, uint64_t ns)
{
	put_counts(o, count, ns);
}

void record_put_r(struct out *o, const struct record_r *r)
{
	out_str(o, "R\t");
	put(o, r->file);
	put_line(o, r->line);
	put(o, r->func);
	put(o, r->in);
	put_hex(o, r->addr, '\t');
	out_dec(o, r->len);
	out_char(o, '\t');
	if (r->returns)
		out_char(o, '-');
	else
		out_hex(o, r->target);
	if (r->known)
		put_counts(o, r->taken, r->passed);
	else
		out_str(o, "\t-\t-\n");
}

void record_put_r_counts(struct out *o, struct field key, bool known, uint64_t taken, uint64_t passed)
{
	out_str(o, "R\t");
	out_mem(o, key.s, key.n);
	if (known)
		put_counts(o, taken, passed);
	else
		out_str(o, "\t-\t-\n");
}

void record_put_k(struct out *o, const struct record_k *k)
{
	out_str(o, "K\t");
	put(o, k->block);
	put(o, k->place);
	put(o, k->line);
	out_str(o, record_end_name(k->end));
	out_str(o, k->conditional ? "?\t" : "\t");
	if (k->has_at)
		out_hex(o, k->at);
	else
		out_char(o, '-');
	out_char(o, '\t');
	if (k->direct)
		out_hex(o, k->to);
	else
		out_char(o, '-');
	out_char(o, '\t');
	out_mem(o, k->role.s, k->role.n);
	out_char(o, '\n');
}

void record_put_y(struct out *o, const struct record_y *y)
{
	out_str(o, "Y\t");
	out_dec(o, y->cpu);
	out_char(o, '\t');
	out_dec(o, y->time);
	out_char(o, '\t');
	put_hex(o, y->stack, '\n');
}

void record_put_c(struct out *o, const struct record_c *c)
{
	out_str(o, "C\t");
	put(o, c->in);
	put_hex(o, c->entry, '\t');
	put(o, c->func);
	put(o, c->file);
	put_line(o, c->line);
	put_hex(o, c->addr, '\t');
	put(o, c->to_in);
	put_hex(o, c->to_entry, '\t');
	put(o, c->to_func);
	out_dec(o, c->count);
	put_counts(o, c->blocks, c->ns);
}

void record_put_c_counts(struct out *o, struct field key, uint64_t count, uint64_t blocks, uint64_t ns)
{
	out_str(o, "C\t");
	put(o, key);
	out_dec(o, count);
	put_counts(o, blocks, ns);
}

void record_put_s(struct out *o, const struct record_s *s)
{
	out_str(o, "S\t");
	out_mem(o, s->stack.s, s->stack.n);
	put_counts(o, s->blocks, s->ns);
}

void record_put_u(struct out *o, const struct record_u *u)
{
	out_str(o, "U\t");
	if (u->placed) {
		put_hex(o, u->lo, '\t');
		put_hex(o, u->hi, '\t');
	} else {
		out_str(o, "-\t-\t");
	}
	out_mem(o, u->what.s, u->what.n);
	put_counts(o, u->count, u->ns);
}
