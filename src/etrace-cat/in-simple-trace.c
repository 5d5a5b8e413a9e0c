/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes QEMU's simple trace: what -trace writes where QEMU was built with the backend "simple".  Layout from QEMU's
 * trace/simple.c and scripts/tracetool/backend/simple.py, version 4; integers are in the byte order of the host:
 *
 *	u64 ~0, u64 magic, u64 version		the header; then records:
 *	u64 0, u64 id, u32 len, name		what events with that id are, for all events that QEMU has
 *	u64 1, u64 id, u64 ns, u32 length, u32 pid, arguments
 *						an event; length: from id on; ns: CLOCK_MONOTONIC of the host
 *
 * Two events, whose arguments are of 64 bits each, are blocks:
 *
 *	tb_enter_exec(cpu, pc_start, pc_end)	of trees with the patch "accel/tcg/translator: add tb_enter TCG trace",
 *						which is in the code of the block, so that none is missing; cpu is a
 *						pointer of QEMU's
 *	exec_tb(tb, pc)				of every QEMU: its main loop enters a block, which jumps to others untold
 *
 * in:  ff ff ff ff ff ff ff ff b4 29 a4 0a cb 77 b1 f2 04 00 ...
 * out: I<TAB>source<TAB>simple-trace
 *      E<TAB>0<TAB>-<TAB>-<TAB>40201a48<TAB>12<TAB>1<TAB>681
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "cursor.h"
#include "die.h"
#include "fact.h"
#include "in.h"
#include "pkt.h"
#include "simple-blocks.h"

#define MAGIC 0xf2b177cb0aa429b4u
#define HEADER_ID UINT64_MAX
#define DROPPED_ID (UINT64_MAX - 1)	/* its argument: how many events found QEMU's buffer full */

enum {
	VERSION = 4,			/* those before have no names */
	HEADER_SIZE = 24,
	TYPE_NAME = 0,
	TYPE_EVENT = 1,
	TYPE_SIZE = 8,
	NAME_SIZE = 8 + 4,
	EVENT_SIZE = 24,
	RECORD_MAX = 256 * 1024,	/* QEMU's buffer for events; names are far shorter */
	IDS = 64 * 1024,		/* QEMU 7.2 has 4,455 events, numbered from 0 on */
};

enum event { EVENT_UNNAMED, EVENT_OTHER, EVENT_EXEC_TB, EVENT_ENTER };

/* One trace: a file may have several. */
struct simple {
	struct input *in;
	struct simple_blocks *blocks;
	bool bad, swap;
	uint64_t at;			/* the offset of the record at hand */
	uint64_t odd, left_out;		/* blocks that cannot be; events that are not understood */
	uint64_t dropped;		/* by QEMU */
	uint8_t event[IDS];		/* enum event */
};

static void complain(struct simple *s, uint64_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void complain(struct simple *s, uint64_t offset, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	warn("%s: byte %" PRIu64 ": %s", s->in->name, offset, text);
	s->bad = true;
}

/* ---- events ---------------------------------------------------------------------------------- */

static void enter(struct simple *s, struct cursor *c, uint64_t ns, uint32_t pid)
{
	uint64_t cpu = cursor_u64(c), start = cursor_u64(c), end = cursor_u64(c);
	/* The end is 0 at the top of the address space, of 32 bits or of 64; no block goes on past that. */
	uint64_t top = start >> 32 ? 0 : 1ull << 32, size = (end ? end : top) - start;

	if ((end && end <= start) || size > BLOCK_SIZE_MAX) {
		size = 0;
		if (!s->odd++)
			complain(s, s->at, "tb_enter_exec with a block from %" PRIx64 " to %" PRIx64
				 "; such blocks are given size 0", start, end);
	}
	if (!simple_blocks_enter(s->blocks, cpu, pid, start, size, ns) && !s->left_out++)
		complain(s, s->at, "tb_enter_exec on more than %d CPUs; events of the others are left out", SIMPLE_CPUS);
}

static void exec_tb(struct simple *s, struct cursor *c)
{
	cursor_u64(c);
	simple_blocks_see(s->blocks, cursor_u64(c));
}

static void dropped(struct simple *s, uint64_t n)
{
	if (!s->dropped)
		complain(s, s->at, "QEMU dropped events, since it could not write them fast enough: executions are "
			 "missing about here; trace fewer events");
	count_add(&s->dropped, n);
}

/* Says once that events are left out, and why. */
static void leave_out(struct simple *s, const char *why, uint64_t value)
{
	if (!s->left_out++)
		complain(s, s->at, "%s %" PRIu64 "; such events are left out", why, value);
}

/* An event whose bytes, without its type, are at C. */
static void event(struct simple *s, struct cursor *c)
{
	uint64_t id = cursor_u64(c), ns = cursor_u64(c);
	uint32_t length = cursor_u32(c), pid = cursor_u32(c);
	enum event e = id < IDS ? (enum event)s->event[id] : EVENT_UNNAMED;

	if (id == DROPPED_ID)
		dropped(s, cursor_u64(c));
	else if (e == EVENT_UNNAMED)
		leave_out(s, "no name was given for the event with the number", id);
	else if (e == EVENT_ENTER && length != EVENT_SIZE + 3 * 8)
		leave_out(s, "tb_enter_exec has 24 bytes of arguments, not", length - EVENT_SIZE);
	else if (e == EVENT_ENTER)
		enter(s, c, ns, pid);
	else if (e == EVENT_EXEC_TB && length != EVENT_SIZE + 2 * 8)
		leave_out(s, "exec_tb has 16 bytes of arguments, not", length - EVENT_SIZE);
	else if (e == EVENT_EXEC_TB)
		exec_tb(s, c);
}

static void name(struct simple *s, struct cursor *c)
{
	uint64_t id = cursor_u64(c);
	uint32_t n = cursor_u32(c);
	struct field text = { (const char *)cursor_bytes(c, n), n };

	if (id < IDS)
		s->event[id] = field_is(text, "tb_enter_exec") ? EVENT_ENTER :
			       field_is(text, "exec_tb") ? EVENT_EXEC_TB : EVENT_OTHER;
}

/* ---- records --------------------------------------------------------------------------------- */

/* The N bytes from the next one on, which are there. */
static struct cursor bytes(const struct simple *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s->in->buf + s->in->pos;

	return (struct cursor){ .p = p, .end = p + n, .swap = s->swap };
}

/* Whether there are N bytes of WHAT, which begins at the next one. */
static bool whole(struct simple *s, size_t n, const char *what)
{
	struct input *in = s->in;

	if (input_have(in, n))
		return true;
	if (!in->stopped && !in->error)
		complain(s, in->base + in->end, "the trace is cut short, inside the %s at byte %" PRIu64
			 "; all before that was decoded", what, s->at);
	return false;
}

/* Nothing tells where the next record begins after something that is none. */
static bool lost(struct simple *s, const char *what, uint64_t value)
{
	complain(s, s->at, "%s %" PRIu64 ", which cannot be; what comes after is not decoded", what, value);
	return false;
}

static bool header(struct simple *s)
{
	struct cursor c;

	if (!whole(s, HEADER_SIZE, "header"))
		return false;
	c = bytes(s, HEADER_SIZE);
	c.swap = s->swap = load_uint(c.p + 8, 8, true) == MAGIC;
	if (cursor_u64(&c) != HEADER_ID || cursor_u64(&c) != MAGIC) {
		complain(s, s->at, "no header of a simple trace");
		return false;
	}
	if (load_uint(c.p, 8, c.swap) != VERSION) {
		complain(s, s->at, "a simple trace of version %" PRIu64 "; that of version %d can be read",
			 cursor_u64(&c), VERSION);
		return false;
	}
	s->in->pos += HEADER_SIZE;
	return true;
}

/* The bytes of a record that has WHAT after its type; FIXED of these are there always.  0 after a message. */
static size_t measure(struct simple *s, const char *what, size_t fixed)
{
	bool is_event = fixed == EVENT_SIZE;
	struct cursor c;
	uint32_t length;

	if (!whole(s, TYPE_SIZE + fixed, what))
		return 0;
	c = bytes(s, TYPE_SIZE + fixed);
	cursor_bytes(&c, TYPE_SIZE + (is_event ? 16 : 8));
	length = cursor_u32(&c);
	if (length > RECORD_MAX || (is_event && length < EVENT_SIZE)) {
		lost(s, is_event ? "an event with the length" : "a name with the length", length);
		return 0;
	}
	length += TYPE_SIZE + (is_event ? 0 : NAME_SIZE);
	return whole(s, length, what) ? length : 0;
}

/* False at the end, and where nothing more can be decoded. */
static bool record(struct simple *s)
{
	struct cursor c;
	uint64_t type;
	size_t n;

	s->at = input_offset(s->in);
	if (!input_have(s->in, 1) || !whole(s, TYPE_SIZE, "record"))
		return false;
	c = bytes(s, TYPE_SIZE);
	type = cursor_u64(&c);
	if (type > TYPE_EVENT)
		return type != HEADER_ID && lost(s, "a record of type", type);
	n = type == TYPE_EVENT ? measure(s, "event", EVENT_SIZE) : measure(s, "name", NAME_SIZE);
	if (!n)
		return false;
	c = bytes(s, n);
	cursor_bytes(&c, TYPE_SIZE);
	if (type == TYPE_EVENT)
		event(s, &c);
	else
		name(s, &c);
	s->in->pos += n;
	return true;
}

/* ---- the whole trace ------------------------------------------------------------------------- */

/* What is to be said of all of it. */
static void check(struct simple *s, enum simple_blocks_has has)
{
	struct input *in = s->in;

	if (in->error)
		complain(s, in->base + in->end, "%s", strerror(in->error));
	else if (in->stopped)
		complain(s, input_offset(in), "stopped by %s; what came after is not in it", input_stop_name());
	else if (has == SIMPLE_NONE && !s->bad)
		complain(s, s->at, "no event of the trace that ends here is a block; qemu -trace tb_enter_exec "
			 "writes some, or -trace exec_tb");
	if (has == SIMPLE_SEEN)
		warn("%s: exec_tb tells of few executions: how often a block ran is not known, nor all that ran; "
		     "etrace-run and qemu -d exec,nochain tell", in->name);
	if (s->dropped)
		warn("%s: %" PRIu64 " events were dropped", in->name, s->dropped);
	if (s->odd > 1)
		warn("%s: %" PRIu64 " such blocks", in->name, s->odd);
	if (s->left_out > 1)
		warn("%s: %" PRIu64 " events were left out", in->name, s->left_out);
}

/* One trace, of those that may come one after the other.  False if anything was wrong with it. */
static bool decode_one(struct input *in, struct out *out, const struct in_options *o)
{
	struct simple *s = must_calloc(1, sizeof *s);
	bool good;

	s->in = in;
	s->at = input_offset(in);
	s->blocks = simple_blocks_new(out, o);
	if (header(s)) {
		fact_put(out, FACT_SOURCE, "simple-trace");
		while (record(s))
			;
	}
	check(s, simple_blocks_finish(s->blocks));
	good = !s->bad;
	free(s);
	return good;
}

static bool decode(struct input *in, struct out *out, const struct in_options *o)
{
	static const char next[8] = "\377\377\377\377\377\377\377\377";
	bool good = decode_one(in, out, o);
	uint64_t before = 0;

	/* A header that is bad is not left. */
	while (input_offset(in) > before && input_have(in, sizeof next) && !memcmp(in->buf + in->pos, next, sizeof next)) {
		before = input_offset(in);
		good &= decode_one(in, out, o);
	}
	return good;
}

static enum in_match match(const char *p, size_t n, bool end)
{
	static const char magic[2][16 + 1] = { "\377\377\377\377\377\377\377\377\xb4\x29\xa4\x0a\xcb\x77\xb1\xf2",
					       "\377\377\377\377\377\377\377\377\xf2\xb1\x77\xcb\x0a\xa4\x29\xb4" };
	size_t have = n < 16 ? n : 16;

	if (memcmp(p, magic[0], have) && memcmp(p, magic[1], have))
		return IN_NO;
	if (have == 16 || (end && have > 8))
		return IN_YES;
	return end ? IN_NO : IN_MAYBE;
}

const struct in_kind in_simple_trace = { "simple-trace", "what qemu -trace writes, with its backend simple", match,
					 decode };
