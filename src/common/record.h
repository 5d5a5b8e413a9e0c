/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records: the schema of the stream, version 2 (etrace-stream(5), KINDS).  What columns a kind has, and in which
 * order, is known here and to nobody else.
 *
 * A reader, record_read_K(), gives the columns of a line of kind K without its newline, and false if it is
 * malformed.  What it gives points into the line.  A number that is "-", not known, is 0.
 * A writer, record_put_K(), takes text columns as they are in a record, escaped.
 *
 * A new kind is a struct, a reader or a writer, its shape in record.c, and there also whether it is of one run.
 */
#ifndef ETRACE_RECORD_H
#define ETRACE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "num.h"
#include "out.h"

/* A column, or several with the TABs between them. */
struct field {
	const char *s;
	size_t n;
};

/* Whether a field holds this text. */
bool field_is(struct field f, const char *text);

/* Whether both hold the same. */
static inline bool field_equal(struct field a, struct field b)
{
	return a.n == b.n && !memcmp(a.s, b.s, a.n);
}

/* A text without its NUL. */
static inline struct field field_of(const char *text)
{
	return (struct field){ text, strlen(text) };
}

/* Whether LINE is of KIND: that letter, then a TAB. */
static inline bool record_is(const char *line, size_t len, char kind)
{
	return len > 1 && line[0] == kind && line[1] == '\t';
}

/* Splits a line at its TABs into at most MAX fields; returns how many the line has. */
size_t record_split(const char *line, size_t len, struct field *f, size_t max);

/* The columns that a record of KIND has, for a message: "an L record is: L file line ..."; NULL if it is unknown. */
const char *record_shape(char kind);

/* Whether records of KIND tell what happened once, in its order, and so are no part of a sum of runs. */
bool record_is_of_one_run(char kind);

/* ---- what happened ---- */

/* E: a block was executed. */
struct record_e {
	struct field cpu, time;
	struct field in;		/* a token of its bytes, or behind etrace-sym the object's name */
	uint64_t start, size;		/* bytes */
	uint64_t count, ns;
	bool size_known, count_known, ns_known;
	struct field block;		/* in, start and size: what it is known by */
	struct field size_text, times;	/* size; "TAB count TAB ns" */
	struct field place, line, also;	/* of no bytes where etrace-sym has not seen it */
};

enum { RECORD_APPENDED = 3 };		/* columns that etrace-sym appends */

bool record_read_e(const char *line, size_t len, struct record_e *e);

/* The same of a block alone, by its text; the other columns are of no bytes. */
bool record_read_block(struct field block, struct record_e *e);

/* Whether its address is the guest's still, and there is something left for etrace-sym to say. */
static inline bool record_is_unplaced(const struct record_e *e)
{
	return (field_is(e->in, "-") || (e->in.n && *e->in.s == ':')) &&
	       (!e->place.n || (field_is(e->place, "-") && field_is(e->line, "-")));
}

/*
 * The parts of an E, for those who write many.  At P each; returns the byte after.  The first: "E", CPU, TIME
 * (ends with a TAB); then the block, in parts; then the counts, with a TAB before each.
 */
enum {
	RECORD_HEAD_MAX = 2 + 2 * (NUM_MAX + 1),
	RECORD_ADDR_MAX = 16 + 1 + NUM_MAX,
	RECORD_TIMES_MAX = 2 * (NUM_MAX + 1),
};

static inline char *record_put_head(char *p, uint64_t cpu)
{
	*p++ = 'E';
	*p++ = '\t';
	p = num_dec(p, cpu);
	*p++ = '\t';
	return p;
}

static inline char *record_put_addr(char *p, uint64_t start, uint64_t size)
{
	p = num_hex(p, start);
	*p++ = '\t';
	return num_dec(p, size);
}

/* SEEN: how often is not known, COUNT is "-". */
static inline char *record_put_times(char *p, bool seen, uint64_t count, uint64_t ns)
{
	*p++ = '\t';
	if (seen)
		*p++ = '-';
	else
		p = num_dec(p, count);
	*p++ = '\t';
	return num_dec(p, ns);
}

/* J: a step, folded: TO came right after FROM. */
struct record_j {
	struct field cpu;
	struct field from, to;		/* in, start and size of each, as in an E */
	uint64_t count;
};

bool record_read_j(const char *line, size_t len, struct record_j *j);

/* W: a walk: blocks that ran one after the other, which BLOCKS lists and STEPS numbers (steps.h). */
struct record_w {
	struct field cpu, time;
	uint64_t count;			/* blocks that ran */
	struct field steps;
	struct field blocks;		/* all columns after it; record_walk_block() */
};

bool record_read_w(const char *line, size_t len, struct record_w *w);

/* A block of a W. */
struct walk_block {
	struct field block;		/* in, start and size, as in an E */
	struct field in, size_text;
	uint64_t start, size;		/* bytes */
	uint64_t ns;			/* of one execution */
	struct field ns_text;
};

/* The first block in *BLOCKS, which moves past it; false at the end, where *BLOCKS is empty, or if it is malformed. */
bool record_walk_block(struct field *blocks, struct walk_block *b);

/* K: how a block ends. */
enum end {
	END_NONE,			/* it goes on to what comes after it */
	END_CALL, END_JUMP, END_RETURN,
	END_TRAP,			/* raises an exception: a system call */
	END_RESUME,			/* goes back from one */
};

/* Its word in a K. */
const char *record_end_name(enum end end);

struct record_k {
	struct field block;		/* in, start and size, as in an E */
	struct field in;		/* the first of it; read, not written, as are these: */
	uint64_t start, size;		/* bytes */
	struct field place, line;	/* as in an E */
	enum end end;
	bool conditional;		/* else it goes on to what comes after it */
	bool has_at, direct;		/* AT and TO are known */
	uint64_t at;			/* the instruction that ends it */
	uint64_t to;			/* where it goes, in the same object */
	struct field role;		/* "plt", "entry", "catch:LO-HI,...", or "-" */
};

bool record_read_k(const char *line, size_t len, struct record_k *k);
void record_put_k(struct out *o, const struct record_k *k);

/* Y: a CPU goes on on another stack. */
struct record_y {
	uint64_t cpu;
	uint64_t time;			/* virtual ns; written, not read */
	uint64_t stack;			/* an address that it is known by */
};

bool record_read_y(const char *line, size_t len, struct record_y *y);
void record_put_y(struct out *o, const struct record_y *y);

/* T: a block was translated. */
struct record_t {
	struct field cpu, in;
	uint64_t vaddr;
	struct field spot;		/* in and vaddr: the beginning of an E's block */
	struct field code;		/* hex, or "-" */
};

bool record_read_t(const char *line, size_t len, struct record_t *t);

/* G: from here on the guest's executable addresses [LO, HI) are those of a file. */
struct record_g {
	uint64_t lo, hi;		/* hi 0: 2^64 */
	uint64_t offset;		/* of LO in the file */
	struct field path;		/* "[anon]" and the like: of no file; "-": nothing is there any more */
	struct field build_id;		/* in hex, or "-" */
};

bool record_read_g(const char *line, size_t len, struct record_g *g);
void record_put_g(struct out *o, const struct record_g *g);

/* X: an exception or an interrupt. */
struct record_x {
	unsigned cpu;
	uint64_t time;			/* virtual ns */
	struct field kind;
	uint64_t from, to;		/* the guest's addresses */
};

bool record_read_x(const char *line, size_t len, struct record_x *x);	/* but for its time */
void record_put_x(struct out *o, const struct record_x *r);

/* P: E records of this trace, before it or after, say BLOCK for what is at LINKED in the object NAME. */
struct record_p {
	struct field block;		/* in, start and size as in these E records */
	struct field size_text;		/* the last column of it; read, not written */
	struct field name;
	uint64_t linked, size;		/* size: bytes; read, not written */
	struct field place, line, also;	/* as in an E */
};

bool record_read_p(const char *line, size_t len, struct record_p *p);
void record_put_p(struct out *o, const struct record_p *p);

/* ---- the map, and its counts ---- */

/* O: an ELF file; NAME is what column "in" of its records says. */
struct record_o {
	struct field name, path, build_id;	/* the build-id in hex, or "-" */
};

bool record_read_o(const char *line, size_t len, struct record_o *r);
void record_put_o(struct out *o, const struct record_o *r);

/* A: the guest's [LO, HI) held what NAME has at LINKED and on. */
struct record_a {
	struct field name;
	uint64_t lo, hi, linked;	/* hi 0: 2^64 */
};

bool record_read_a(const char *line, size_t len, struct record_a *a);
void record_put_a(struct out *o, const struct record_a *r);

/* F: a function, or an inlined copy. */
struct record_f {
	struct field file, name, in;
	uint32_t line;			/* 0: "-" */
	uint64_t addr, size;
	uint64_t count, ns;
	struct field key;		/* all but the counts; read, not written */
};

bool record_read_f(const char *line, size_t len, struct record_f *f);
void record_put_f(struct out *o, const struct record_f *f);
void record_put_f_counts(struct out *o, struct field key, uint64_t count, uint64_t ns);

/* L: a source line inside one function or copy. */
struct record_l {
	struct field file, func, in;
	uint32_t line;			/* 0: "-" */
	struct field addrs;		/* one statement or more: record_statement() */
	uint64_t count, ns;
};

bool record_read_l(const char *line, size_t len, struct record_l *l);

/* A statement: "addr+len:count", or "addr+len" if it has the count of its line. */
struct statement {
	uint64_t addr, count;
	uint32_t len;			/* bytes */
} __attribute__((packed, aligned(4)));

/* The first statement in *ADDRS, which moves past it; of a line whose count is COUNT.  False if it is malformed. */
bool record_statement(struct field *addrs, uint64_t count, struct statement *s);

/* An L in three parts: all before its statements, each of them, and its counts. */
void record_put_l(struct out *o, const struct record_l *l);
void record_put_statement(struct out *o, const struct statement *s, uint64_t line_count, bool first);
void record_put_l_counts(struct out *o, uint64_t count, uint64_t ns);

/* R: a conditional branch instruction. */
struct record_r {
	struct field file, func, in;
	uint32_t line;			/* 0: "-" */
	uint64_t addr, len;		/* len: with its delay slot */
	uint64_t target;
	bool returns;			/* no target: "-" */
	uint64_t taken, passed;		/* passed: not taken */
	bool known;			/* the two numbers are */
	struct field key;		/* all but the numbers; read, not written */
};

bool record_read_r(const char *line, size_t len, struct record_r *r);
void record_put_r(struct out *o, const struct record_r *r);
void record_put_r_counts(struct out *o, struct field key, bool known, uint64_t taken, uint64_t passed);

/* C: calls of one function by another, from one instruction. */
struct record_c {
	struct field in, func;		/* the function that calls */
	uint64_t entry;
	struct field file;
	uint32_t line;			/* 0: "-" */
	uint64_t addr;			/* of the instruction, in the object IN */
	struct field to_in, to_func;	/* the function that is called */
	uint64_t to_entry;
	uint64_t count, blocks, ns;	/* blocks, ns: from the calls to their returns */
	struct field key;		/* all but these three; read, not written */
};

bool record_read_c(const char *line, size_t len, struct record_c *c);
void record_put_c(struct out *o, const struct record_c *c);
void record_put_c_counts(struct out *o, struct field key, uint64_t count, uint64_t blocks, uint64_t ns);

/* S: a stack of functions, and what was spent in the innermost one itself. */
struct record_s {
	struct field stack;		/* "outermost;...;innermost" */
	uint64_t blocks, ns;
};

bool record_read_s(const char *line, size_t len, struct record_s *s);
void record_put_s(struct out *o, const struct record_s *s);

/*
 * U: a range of code in no function and no line of any ELF file.  WHAT: "[user space]" and the like, or "-", and the
 * addresses are the guest's; else a file, and they are offsets in it, or an object, and they are its own.
 */
struct record_u {
	bool placed;			/* it has addresses, else it is "- -": in several ranges */
	uint64_t lo, hi;		/* hi 0: 2^64 */
	struct field what;
	uint64_t count, ns;
};

/* Whether WHAT names a file or an object. */
static inline bool record_u_is_file(struct field what)
{
	return !field_is(what, "-") && !(what.n && *what.s == '[');
}

bool record_read_u(const char *line, size_t len, struct record_u *u);
void record_put_u(struct out *o, const struct record_u *u);

#endif
