/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes blocks when it is known how long they took.
 * in:  a CPU at 40201a48, for 12 bytes, at 1000 ns; then at 40201a04, at 1681 ns
 * out: I<TAB>counts<TAB>exact
 *      E<TAB>0<TAB>-<TAB>-<TAB>40201a48<TAB>12<TAB>1<TAB>681
 */
#include "simple-blocks.h"

#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "die.h"
#include "emit.h"
#include "fact.h"
#include "fold.h"

enum { E_MAX = RECORD_HEAD_MAX + EMIT_BLOCK_MAX + RECORD_TIMES_MAX + 1 };

/* Executions of one block that follow each other.  None: COUNT is 0. */
struct run {
	uint64_t start, size, time, count, ns;
	bool timed;		/* ns is known */
};

struct cpu {
	uint64_t pointer;
	uint32_t pid;
	struct run at;		/* the block that it is in */
	struct run before;	/* what ran before and is not written */
};

struct simple_blocks {
	struct out *out;
	bool times, entered;
	struct cpu cpu[SIMPLE_CPUS];
	unsigned n_cpu, last_cpu;
	struct fold *fold;	/* each block of a CPU; NULL to write each execution */
	struct fold *seen;	/* or NULL */
};

struct simple_blocks *simple_blocks_new(struct out *out, const struct in_options *o)
{
	struct simple_blocks *b = must_calloc(1, sizeof *b);

	b->out = out;
	b->times = o->times;
	b->fold = o->fold ? fold_new(o->steps) : NULL;
	return b;
}

/* The number of a CPU; SIMPLE_CPUS if there are more. */
static unsigned cpu_of(struct simple_blocks *b, uint64_t pointer, uint32_t pid)
{
	unsigned i = b->last_cpu;

	if (i < b->n_cpu && b->cpu[i].pointer == pointer && b->cpu[i].pid == pid)
		return i;
	for (i = 0; i < b->n_cpu && (b->cpu[i].pointer != pointer || b->cpu[i].pid != pid); i++)
		;
	if (i == b->n_cpu && i < SIMPLE_CPUS)
		b->cpu[b->n_cpu++] = (struct cpu){ .pointer = pointer, .pid = pid };
	return b->last_cpu = i;
}

static void write_run(struct simple_blocks *b, unsigned unit, const struct run *r)
{
	char *p;

	if (!r->count)
		return;
	if (b->fold) {
		fold_run(b->fold, (uint16_t)unit, fold_block(0, r->start, r->size, r->count, r->ns));
		return;
	}
	p = record_put_head(out_room(b->out, E_MAX), unit);
	p = b->times ? num_dec(p, r->time) : stpcpy(p, "-");
	*p++ = '\t';
	p = emit_times(emit_block(p, 0, r->start, r->size), false, r->count, r->ns);
	out_upto(b->out, r->timed ? p : stpcpy(p - strlen("0\n"), "-\n"));
}

/* The block that the CPU is in has ended, if it is in one. */
static void ended(struct simple_blocks *b, unsigned unit)
{
	struct run *at = &b->cpu[unit].at, *before = &b->cpu[unit].before;

	if (at->count && before->count && before->start == at->start && before->size == at->size) {
		count_add(&before->count, 1);
		count_add(&before->ns, at->ns);
		before->timed |= at->timed;
	} else if (at->count) {
		write_run(b, unit, before);
		*before = *at;
	}
	at->count = 0;
}

bool simple_blocks_enter(struct simple_blocks *b, uint64_t cpu, uint32_t pid, uint64_t start, uint64_t size,
			 uint64_t time)
{
	unsigned unit = cpu_of(b, cpu, pid);
	struct run *at;

	if (unit == SIMPLE_CPUS)
		return false;
	if (!b->entered) {
		fact_put(b->out, FACT_COUNTS, "exact");
		fact_put(b->out, FACT_NS, "host-time");
	}
	b->entered = true;
	at = &b->cpu[unit].at;
	at->ns = time > at->time ? time - at->time : 0;
	at->timed = true;
	ended(b, unit);
	*at = (struct run){ .start = start, .size = size, .time = time, .count = 1 };
	return true;
}

void simple_blocks_see(struct simple_blocks *b, uint64_t start)
{
	if (!b->seen)
		b->seen = fold_new(false);
	fold_add(fold_cpu(b->seen, 0), fold_block(0, start, EMIT_NO_SIZE, 1, 0), false);
}

/* Without sizes: the next one that is seen need not be the one that the CPU executed next. */
static void write_seen(struct simple_blocks *b)
{
	static const char *const sizes[] = { "next" };

	fact_put(b->out, FACT_COUNTS, "seen");
	fold_write(b->seen, &(struct fold_writing){ .seen = true, .sizes = sizes }, b->out);
}

enum simple_blocks_has simple_blocks_finish(struct simple_blocks *b)
{
	enum simple_blocks_has has = b->entered ? SIMPLE_ENTERED : b->seen ? SIMPLE_SEEN : SIMPLE_NONE;

	for (unsigned i = 0; i < b->n_cpu; i++) {
		ended(b, i);
		write_run(b, i, &b->cpu[i].before);
	}
	if (b->fold) {
		fold_write(b->fold, &(struct fold_writing){ .b = NULL }, b->out);
		fold_free(b->fold);
	}
	if (has == SIMPLE_SEEN)
		write_seen(b);
	if (b->seen)
		fold_free(b->seen);
	free(b);
	return has;
}
