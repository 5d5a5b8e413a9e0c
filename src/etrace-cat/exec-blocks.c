/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes blocks when it is known what their CPU executed next.
 * in:  CPU 0 at 4029d0, then at 4029e2
 * out: I<TAB>sizes<TAB>next
 *      E<TAB>0<TAB>-<TAB>-<TAB>4029d0<TAB>18<TAB>1<TAB>-
 */
#include "exec-blocks.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "emit.h"
#include "fact.h"

/* No block is larger: it begins in a page and ends there, or with an instruction that reaches into the next. */
enum { NEAR = 8192 };

struct logged {
	uint64_t start, size, count;
	enum exec_sizes sizes;
};

struct exec_cpu {
	bool runs;		/* a block that is not written yet, since the next one is not known: */
	struct exec_fields at;
	struct logged run;	/* and those before it that are one record; its count may be 0 */
};

void exec_blocks_init(struct exec_blocks *b, struct out *out, const struct in_options *o)
{
	*b = (struct exec_blocks){ .out = out, .fold = o->fold ? fold_new(o->steps) : NULL };
}

static const char *const sizes_names[N_SIZES] = { NULL, "next", "exact", "instruction" };

static void say_sizes(struct exec_blocks *b, enum exec_sizes sizes)
{
	if (sizes != b->sizes)
		fact_put(b->out, FACT_SIZES, sizes_names[sizes]);
	b->sizes = sizes;
}

static void write_run(struct exec_blocks *b, unsigned unit, const struct logged *run)
{
	if (!run->count)
		return;
	if (b->fold) {
		fold_run(b->fold, (uint16_t)unit, fold_block(run->sizes, run->start, run->size, run->count, 0));
		return;
	}
	say_sizes(b, run->sizes);
	emit_untimed(b->out, unit, run->start, run->size, b->seen, run->count);
}

/* The block that runs on C has ended, as X says. */
static void ran(struct exec_blocks *b, struct exec_cpu *c, struct logged x)
{
	struct logged *run = &c->run;

	c->runs = false;
	if (run->count && run->start == x.start && run->size == x.size && run->sizes == x.sizes) {
		count_add(&run->count, x.count);
		return;
	}
	write_run(b, (unsigned)(c - b->cpu), run);
	*run = x;
}

static struct exec_cpu *cpu_of(struct exec_blocks *b, unsigned i)
{
	if (i >= b->n_cpu) {
		b->cpu = must_realloc(b->cpu, i + 1, sizeof *b->cpu);
		memset(b->cpu + b->n_cpu, 0, (i + 1 - b->n_cpu) * sizeof *b->cpu);
		b->n_cpu = i + 1;
	}
	return &b->cpu[i];
}

/* The block that began at FROM, when the next one of its CPU begins at TO; LEFT: instead of it going on. */
static struct logged block_of(const struct exec_fields *from, const struct exec_fields *to, bool left)
{
	uint64_t size = to->pc - from->pc;
	bool near = size <= NEAR && (to->pc >= from->pc || !to->pc);	/* not after the last address */
	struct logged b = { from->pc, size, 1, SIZES_NEXT };

	if ((from->cflags & EXEC_CF_COUNT) == 1)
		b = (struct logged){ from->pc, EMIT_NO_SIZE, 1, SIZES_INSTRUCTION };
	else if (left && near)
		b.sizes = SIZES_EXACT;
	else if (!size || !near)
		b.size = EMIT_NO_SIZE;
	return b;
}

void exec_blocks_begin(struct exec_blocks *b, const struct exec_fields *f, bool left)
{
	struct exec_cpu *c = cpu_of(b, f->cpu);

	if (c->runs)
		ran(b, c, block_of(&c->at, f, left));
	c->runs = true;
	c->at = *f;
}

void exec_blocks_cancel(struct exec_blocks *b, const struct exec_fields *f)
{
	for (size_t i = 0; i < b->n_cpu; i++) {
		struct exec_cpu *c = &b->cpu[i];

		if (c->runs && c->at.pc == f->pc && c->at.host == f->host) {
			c->runs = false;
			return;
		}
	}
}

void exec_blocks_finish(struct exec_blocks *b)
{
	for (size_t i = 0; i < b->n_cpu; i++) {
		struct exec_cpu *c = &b->cpu[i];

		if (c->runs)
			ran(b, c, block_of(&c->at, &c->at, false));
		write_run(b, (unsigned)i, &c->run);
	}
	if (b->fold)
		fold_write(b->fold, &(struct fold_writing){ .seen = b->seen, .sizes = sizes_names }, b->out);
	fold_free(b->fold);
	free(b->cpu);
}
