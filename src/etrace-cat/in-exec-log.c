/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes the log of qemu -d exec,nochain: where each block began.  It does not say where one ended; what it says
 * is where the CPU went next, which etrace-sym finds the end with.  So a block is written when the next one comes.
 *
 * in:  Trace 0: 0x7f6fe4000540 [0000000000000000/00000000004029d0/1040c0b3/00000200] main
 *      Trace 0: 0x7f6fe4000680 [0000000000000000/00000000004029e2/1040c0b3/00000200] main
 * out: I<TAB>sizes<TAB>next
 *      E<TAB>0<TAB>-<TAB>-<TAB>4029d0<TAB>18<TAB>1<TAB>-
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "exec-blocks.h"
#include "exec-line.h"
#include "fact.h"
#include "in.h"

enum {
	LINE_MAX_BYTES = 32 * 1024,	/* longer lines are the guest's */
	REWOUND = 8,
};

struct exec_log {
	struct input *in;
	struct exec_blocks blocks;
	uint64_t rewound[REWOUND];	/* where blocks were left that have not gone on yet */
	unsigned n_rewound;
	uint64_t traces;		/* blocks */
	uint64_t other, first_other, broken;	/* lines that say no block, and where the first is; and that should */
	bool began, bad;
};

static void complain(struct exec_log *l, uint64_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void complain(struct exec_log *l, uint64_t offset, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	warn("%s: byte %" PRIu64 ": %s", l->in->name, offset, text);
	l->bad = true;
}

/* ---- lines ---------------------------------------------------------------------------------- */

static void begin(struct exec_log *l)
{
	if (!l->began)
		fact_put(l->blocks.out, FACT_SOURCE, "exec-log");
	l->began = true;
}

/* Blocks that are chained are not logged.  Old QEMUs do not tell. */
static void check_chained(struct exec_log *l, const struct exec_fields *f)
{
	bool chained = f->has_cflags && !(f->cflags & EXEC_CF_NO_GOTO_TB);

	if (l->traces++ && (!chained || l->blocks.seen))
		return;
	l->blocks.seen = chained;
	fact_put(l->blocks.out, FACT_COUNTS, chained ? "seen" : "exact");
	if (l->traces == 1)
		fact_put(l->blocks.out, FACT_NS, "instructions");
	if (chained)
		warn("%s: byte %" PRIu64 ": the log misses executions, since blocks were chained: how often one ran is "
		     "not known; have it written with -d exec,nochain", l->in->name, input_offset(l->in));
}

/* Whether a block was left before the instruction at PC, which goes on as a block of its own: forgets it if so. */
static bool was_rewound(struct exec_log *l, const struct exec_fields *f)
{
	for (unsigned i = 0; i < l->n_rewound; i++) {
		if (l->rewound[i] != f->pc || !(f->cflags & EXEC_CF_COUNT))
			continue;
		l->rewound[i] = l->rewound[--l->n_rewound];
		return true;
	}
	return false;
}

static void trace(struct exec_log *l, const struct exec_fields *f)
{
	begin(l);
	check_chained(l, f);
	exec_blocks_begin(&l->blocks, f, was_rewound(l, f));
}

static void start_code(struct exec_log *l, uint64_t addr)
{
	char text[17];

	begin(l);
	snprintf(text, sizeof text, "%" PRIx64, addr);
	fact_put(l->blocks.out, FACT_MODE, "user");
	fact_put(l->blocks.out, FACT_BINARY_CODE, text);
}

/* CUT: the log ends within it; it says a block all the same if that is there up to its address. */
static void read_line(struct exec_log *l, const char *line, size_t len, uint64_t offset, bool cut)
{
	struct exec_fields f;
	enum exec_line kind = exec_line_read(line, len, &f);

	switch (cut && kind != EXEC_LINE_TRACE ? EXEC_LINE_KNOWN : kind) {
	case EXEC_LINE_TRACE:
		trace(l, &f);
		break;
	case EXEC_LINE_STOPPED:
		exec_blocks_cancel(&l->blocks, &f);
		break;
	case EXEC_LINE_REWOUND:
		l->rewound[l->n_rewound < REWOUND ? l->n_rewound++ : REWOUND - 1] = f.pc;
		break;
	case EXEC_LINE_START_CODE:
		start_code(l, f.pc);
		break;
	case EXEC_LINE_BROKEN:
		if (!l->broken++)
			complain(l, offset, "a line of a block that cannot be read: %.*s", (int)(len < 80 ? len : 80), line);
		break;
	case EXEC_LINE_OTHER:
		if (!l->other++)
			l->first_other = offset;
		break;
	case EXEC_LINE_KNOWN:
		break;
	}
}

/* Reads up to the next newline, and takes a line without one for the last.  False at the end of the input. */
static bool next_line(struct exec_log *l)
{
	struct input *in = l->in;
	size_t seen = 0, len;
	const char *nl;
	bool cut;

	while (!(nl = memchr(in->buf + in->pos + seen, '\n', in->end - in->pos - seen))) {
		seen = in->end - in->pos;
		if (seen > LINE_MAX_BYTES || !input_more(in))
			break;
	}
	len = nl ? (size_t)(nl - (in->buf + in->pos)) : in->end - in->pos;
	if (!nl && !len)
		return false;
	cut = !nl && seen <= LINE_MAX_BYTES;
	if (cut && !in->stopped && !in->error)
		complain(l, input_offset(in) + len, "the log is cut short, inside its last line");
	read_line(l, in->buf + in->pos, len && nl && nl[-1] == '\r' ? len - 1 : len, input_offset(in), cut);
	in->pos += len + (nl != NULL);
	return true;
}

/* ---- the whole log --------------------------------------------------------------------------- */

/* What is to be said of all of it. */
static void check(struct exec_log *l)
{
	struct input *in = l->in;

	if (in->error)
		complain(l, in->base + in->end, "%s", strerror(in->error));
	else if (in->stopped)
		complain(l, input_offset(in), "stopped by %s; what came after is not in it", input_stop_name());
	else if (!l->traces)
		complain(l, 0, "no line of it is a block; qemu -d exec,nochain -D FILE writes some");
	if (l->broken > 1)
		warn("%s: %" PRIu64 " such lines", in->name, l->broken);
	if (l->other)
		warn("%s: %" PRIu64 " lines are not of -d exec, and were skipped, the first at byte %" PRIu64, in->name,
		     l->other, l->first_other);
}

static bool decode(struct input *in, struct out *out, const struct in_options *o)
{
	struct exec_log l = { .in = in };

	if (o->times)
		warn("%s: -t: an exec log has no times", in->name);
	exec_blocks_init(&l.blocks, out, o);
	while (next_line(&l))
		;
	check(&l);
	exec_blocks_finish(&l.blocks);
	return !l.bad;
}

/* Whether the N bytes at P are text. */
static bool is_text(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < ' ' && !memchr("\t\n\r\033\b\f", p[i], 6))
			return false;
	return true;
}

/* A text that has a block among its first lines, which may be of other items of -d. */
static enum in_match match(const char *p, size_t n, bool end)
{
	const char *stop = p + n, *nl;
	struct exec_fields f;

	for (const char *line = p; line < stop; line = nl + 1) {
		nl = memchr(line, '\n', (size_t)(stop - line));
		if (!nl && !end)
			break;
		nl = nl ? nl : stop - 1;
		if (exec_line_read(line, (size_t)(nl + 1 - line), &f) == EXEC_LINE_TRACE)
			return IN_YES;
	}
	return end || !is_text(p, n) ? IN_NO : IN_MAYBE;
}

const struct in_kind in_exec_log = { "exec-log", "what qemu -d exec,nochain writes", match, decode };
