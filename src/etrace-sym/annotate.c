/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Appends function, line and files to E records, and has them say which object's code ran.  All of that depends on
 * the block alone, so it is made once and found again by the text of the block, "in TAB start TAB size".
 *
 * in:  E<TAB>0<TAB>-<TAB>:8f21c0a4<TAB>40201a4c<TAB>12<TAB>1<TAB>60
 * out: E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include "annotate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"
#include "label.h"
#include "record.h"

struct annotator {
	struct places *places;
	const struct blocks *known;	/* by their bytes */
	struct ends *ends;	/* NULL: no K records */
	unsigned version;	/* annotate_version(), that annotations were made for */
	unsigned trace;		/* counts those that each begin with no annotations, where there are K records */
	struct intern *blocks;
	struct annotation *of;	/* by the number of the block's text; their texts are owned */
	size_t n, cap;
	struct label label;	/* of the block at hand */
	struct late {
		char *line;		/* an E record of it, owned */
		size_t len;
		uint32_t i;		/* its number in KNOWN */
	} *late;			/* blocks of the trace at hand that were annotated as being in no object */
	size_t n_late, cap_late;
	struct guest first_unknown;	/* where a block is that is in no object */
	bool any_unknown;
};

struct annotator *annotate_new(struct places *places, const struct blocks *blocks, struct names *names,
			       struct ends *ends)
{
	struct annotator *a = must_calloc(1, sizeof *a);

	a->places = places;
	a->known = blocks;
	a->label.names = names;
	a->ends = ends;
	a->version = annotate_version(a);
	a->blocks = intern_new();
	return a;
}

static void forget(struct annotator *a)
{
	for (size_t i = 0; i < a->n; i++)
		free((char *)a->of[i].text);
	intern_free(a->blocks);
	a->n = 0;
}

static void forget_late(struct annotator *a)
{
	for (size_t i = 0; i < a->n_late; i++)
		free(a->late[i].line);
	a->n_late = 0;
}

void annotate_new_trace(struct annotator *a)
{
	forget_late(a);
	if (!a->ends)
		return;
	ends_new_trace(a->ends);
	a->trace++;
}

void annotate_free(struct annotator *a)
{
	forget(a);
	forget_late(a);
	free(a->late);
	free(a->of);
	free(a->label.text);
	free(a);
}

unsigned annotate_version(const struct annotator *a)
{
	return places_version(a->places) + a->trace;
}

/* The block E, number I, is in no object, or not yet. */
static void note_unknown(struct annotator *a, const struct record_e *e, uint32_t i)
{
	static const char head[] = "E\t0\t-\t", times[] = "\t1\t-";
	struct late *l;

	if (!a->any_unknown) {
		a->any_unknown = true;
		a->first_unknown = (struct guest){ e->start };
	}
	if (i == NO_BLOCK)
		return;
	GROW(a->late, a->n_late, a->cap_late);
	l = &a->late[a->n_late++];
	l->i = i;
	l->len = strlen(head) + e->block.n + strlen(times);
	l->line = must_malloc(l->len + 1);
	memcpy(stpcpy(l->line, head), e->block.s, e->block.n);
	strcpy(l->line + strlen(head) + e->block.n, times);
}

/* How the block E ends, number I, which is at AT, and of which the label says the rest, from BLOCK on. */
static void put_end(struct annotator *a, const struct record_e *e, uint32_t i, struct linked at, size_t block,
		    struct out *o)
{
	struct field f[1 + RECORD_APPENDED], place;
	char there[1024];

	if (!a->ends)
		return;
	record_split(a->label.text + block, a->label.n - block - 1, f, 1 + RECORD_APPENDED);
	place = f[1];
	if (!at.in) {	/* not the object's code, or not yet known to be, where an object is: patched */
		annotate_place(a, (struct guest){ e->start }, there, sizeof there);
		place = field_of(there);
	}
	ends_put(a->ends, e, i, at, (struct field){ a->label.text, block }, place, f[2], o);
}

static struct annotation add(struct annotator *a, const struct record_e *e, struct out *o)
{
	uint32_t i = blocks_find(a->known, e->in, e->start);
	struct linked at = place_executed(a->places, a->known, i, (struct guest){ e->start }, o);
	size_t block = label_make(&a->label, e, at);
	char *text = must_calloc(a->label.n + ANNOTATION_SLACK, 1);

	if (!at.in)
		note_unknown(a, e, i);
	put_end(a, e, i, at, block, o);
	memcpy(text, a->label.text, a->label.n);
	return (struct annotation){ text, (uint32_t)block, (uint32_t)a->label.n };
}

/* The block of the record L, which is at AT. */
static void put_late(struct annotator *a, const struct late *l, struct out *o)
{
	struct field f[1 + RECORD_APPENDED];
	struct record_e e;
	struct linked at;
	size_t block;

	record_read_e(l->line, l->len, &e);
	at = place_executed(a->places, a->known, l->i, (struct guest){ e.start }, o);
	block = label_make(&a->label, &e, at);
	record_split(a->label.text + block, a->label.n - block - 1, f, 1 + RECORD_APPENDED);
	record_put_p(o, &(struct record_p){
		.block = e.block, .name = field_of(at.in->name), .linked = at.addr,
		.place = f[1], .line = f[2], .also = f[3],
	});
	put_end(a, &e, l->i, at, block, o);
}

void annotate_late(struct annotator *a, struct out *o)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_late; i++) {
		struct late l = a->late[i];

		if (!blocks_get(a->known, l.i)->at) {
			a->late[n++] = l;
			continue;
		}
		put_late(a, &l, o);
		free(l.line);
	}
	a->n_late = n;
}

static struct annotation annotation_of(struct annotator *a, const struct record_e *e, struct out *o)
{
	bool fresh;
	uint32_t id;

	if (a->version != annotate_version(a)) {
		forget(a);
		a->blocks = intern_new();
		a->version = annotate_version(a);
	}
	id = intern_put(a->blocks, e->block.s, e->block.n, &fresh);
	if (fresh) {
		GROW(a->of, a->n, a->cap);
		a->of[a->n++] = add(a, e, o);
	}
	return a->of[id];
}

bool annotate_find(struct annotator *a, const char *line, size_t len, struct annotation *x, struct out *o)
{
	struct record_e e;

	if (!record_read_e(line, len, &e) || !record_is_unplaced(&e))
		return false;
	*x = annotation_of(a, &e, o);
	return true;
}

bool annotate_block(struct annotator *a, struct field block, struct annotation *x, struct out *o)
{
	struct record_e e;

	if (!record_read_block(block, &e))
		return false;
	*x = record_is_unplaced(&e) ? annotation_of(a, &e, o) :
				      (struct annotation){ block.s, (uint32_t)block.n, (uint32_t)block.n };
	return true;
}

bool annotate_e(struct annotator *a, const char *line, size_t len, struct out *o)
{
	struct annotation x;
	struct record_e e;

	if (!record_read_e(line, len, &e))
		return false;
	if (!record_is_unplaced(&e)) {
		out_mem(o, line, len);
		out_char(o, '\n');
		return true;
	}
	x = annotation_of(a, &e, o);
	out_mem(o, line, (size_t)(e.block.s - line));
	out_mem(o, x.text, x.block);
	out_mem(o, e.times.s, e.times.n);
	out_mem(o, x.text + x.block, x.len - x.block);
	return true;
}

static struct linked ready_at(struct annotator *a, struct guest at)
{
	struct linked x = place_find(a->places, at);

	if (x.in)
		object_ready(x.in);
	return x;
}

void annotate_place(struct annotator *a, struct guest at, char *text, size_t size)
{
	struct linked x = ready_at(a, at);
	uint32_t i = x.in ? symtab_find(&x.in->sym, x.addr) : SYM_NONE;

	if (i == SYM_NONE)
		snprintf(text, size, "-");
	else
		snprintf(text, size, "%s+%llu", name_text(a->label.names, x.in->sym.sym[i].name, NULL),
			 (unsigned long long)(x.addr - x.in->sym.sym[i].addr));
}

bool annotate_is_thumb(struct annotator *a, struct guest at)
{
	struct linked x = ready_at(a, at);

	return x.in && symtab_is_thumb(&x.in->sym, x.addr);
}

bool annotate_unknown(const struct annotator *a, struct guest *at)
{
	*at = a->first_unknown;
	return a->any_unknown;
}
