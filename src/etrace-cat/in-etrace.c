/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Splits a trace into packets and hands them to their decoders.
 *
 * INFO (0x4554) comes first; where it reads 0x5445 the file is byte-swapped.
 *
 * in:  54 45 00 00 0c 00 00 00 ...
 * out: I<TAB>etrace-version<TAB>0.0
 */
#include "in-etrace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "die.h"
#include "in.h"
#include "pkt.h"

void trace_complain(struct trace *t, uint64_t offset, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	warn("%s: byte %llu: %s", t->in->name, (unsigned long long)offset, text);
	t->bad = true;
}

/* Says that a signal came, and that what is before byte AT was decoded. */
static void stopped(struct trace *t, uint64_t at)
{
	if (!t->stopped)
		warn("%s: stopped by %s at byte %llu; what came after is not in it", t->in->name, input_stop_name(),
		     (unsigned long long)at);
	t->stopped = t->bad = true;
}

/* The input ended within a packet, of which K->at bytes were decoded. */
static void cut_short(struct trace *t, const struct pkt *k, const char *kind)
{
	t->ends = false;	/* this says it */
	if (t->in->stopped)
		stopped(t, k->at ? k->offset + WIRE_HEADER + k->at : k->offset);
	else
		trace_complain(t, input_offset(t->in), "the trace is cut short, inside the %s packet at byte %llu; "
			       "all before that was decoded", kind, (unsigned long long)k->offset);
}

static void skip(struct trace *t, const struct pkt *k, uint64_t n, const char *kind)
{
	struct input *in = t->in;

	for (;;) {
		uint64_t here = in->end - in->pos;

		if (n <= here) {
			in->pos += (size_t)n;
			return;
		}
		in->pos = in->end;
		n -= here;
		if (!input_more(in)) {
			cut_short(t, k, kind);
			return;
		}
	}
}

static struct cursor payload(const struct trace *t, size_t n)
{
	const uint8_t *p = (const uint8_t *)t->in->buf + t->in->pos;

	return (struct cursor){ .p = p, .end = p + n, .swap = t->swap };
}

static void decode_whole(struct trace *t, const struct pkt_kind *kind, struct pkt *k)
{
	struct cursor c;

	if (k->len > PKT_WHOLE_MAX) {
		trace_complain(t, k->offset, "%s packet of %u bytes cannot be; skipped", kind->name, k->len);
		skip(t, k, k->len, kind->name);
		return;
	}
	if (!input_have(t->in, k->len)) {
		t->in->pos = t->in->end;
		cut_short(t, k, kind->name);
		return;
	}
	c = payload(t, k->len);
	kind->decode(t, k, &c);
	if (c.bad)
		trace_complain(t, k->offset, "%s packet of %u bytes is too short for what it says is in it",
			       kind->name, k->len);
	t->in->pos += k->len;
}

static void decode_pieces(struct trace *t, const struct pkt_kind *kind, struct pkt *k)
{
	while (k->at < k->len) {
		uint32_t left = k->len - k->at, n = left < PKT_WHOLE_MAX / 2 ? left : PKT_WHOLE_MAX / 2;
		struct cursor c;
		size_t used;

		k->cut = !input_have(t->in, n);
		if (k->cut)
			n = (uint32_t)(t->in->end - t->in->pos);
		c = payload(t, n);
		kind->decode(t, k, &c);
		used = n - cursor_left(&c);
		t->in->pos += used;
		k->at += (uint32_t)used;
		if (k->cut) {
			t->in->pos = t->in->end;
			cut_short(t, k, kind->name);
			return;
		}
		if (!used) {
			trace_complain(t, k->offset, "%s packet of %u bytes ends with %u that are no entry",
				       kind->name, k->len, left);
			skip(t, k, left, kind->name);
			return;
		}
	}
}

static void unknown(struct trace *t, const struct pkt *k)
{
	uint64_t bit = 1ull << k->type % 64;

	if (!(t->warned_types & bit))
		warn("%s: byte %llu: packets of unknown type %u are skipped", t->in->name,
		     (unsigned long long)k->offset, k->type);
	t->warned_types |= bit;
	skip(t, k, k->len, "unknown");
}

static struct pkt header(const struct trace *t)
{
	struct cursor c = payload(t, WIRE_HEADER);
	struct pkt k = { .offset = input_offset(t->in) };

	k.type = cursor_u16(&c);
	k.unit = cursor_u16(&c);
	k.len = cursor_u32(&c);
	return k;
}

/* Reads a header, noticing an INFO packet of the other byte order. */
static struct pkt next_header(struct trace *t)
{
	struct pkt k = header(t);

	if (k.type == __builtin_bswap16(WIRE_INFO) && __builtin_bswap32(k.len) < PKT_WHOLE_MAX) {
		t->swap = !t->swap;
		k = header(t);
	}
	t->in->pos += WIRE_HEADER;
	return k;
}

/* A record comes after those of the blocks before it; but a block may be told of earlier than it has to be. */
static void take(struct trace *t, const struct pkt_kind *kind, struct pkt *k)
{
	if (t->walks && k->type != WIRE_RUN && k->type != WIRE_BLOCK)
		walks_end(t->walks);
	if (kind->pieces)
		decode_pieces(t, kind, k);
	else
		decode_whole(t, kind, k);
}

static void packet(struct trace *t)
{
	struct pkt k = next_header(t);
	const struct pkt_kind *kind = pkt_kind(k.type);

	if (!kind) {
		unknown(t, &k);
	} else if (k.len < kind->min) {
		trace_complain(t, k.offset, "%s packet of %u bytes; it has %u or more; skipped", kind->name, k.len,
			       kind->min);
		skip(t, &k, k.len, kind->name);
	} else {
		take(t, kind, &k);
	}
}

/* The kind of the first packet, whose header is at P, and whether it is byte-swapped; NULL if it is no packet. */
static const struct pkt_kind *first_kind(const char *p, bool *swap)
{
	for (int i = 0; i < 2; i++) {
		struct cursor c = { .p = (const uint8_t *)p, .end = (const uint8_t *)p + WIRE_HEADER, .swap = i };
		const struct pkt_kind *kind = pkt_kind(cursor_u16(&c));
		uint16_t unit = cursor_u16(&c);
		uint32_t len = cursor_u32(&c);

		*swap = i;
		if (kind && len >= kind->min && len <= PKT_WHOLE_MAX && unit < 4096)
			return kind;
	}
	return NULL;
}

static enum in_match match(const char *p, size_t n, bool end)
{
	bool swap;

	if (n >= WIRE_HEADER)
		return first_kind(p, &swap) ? IN_YES : IN_NO;
	if (!end)
		return IN_MAYBE;
	return n >= 2 && (!memcmp(p, "TE", 2) || !memcmp(p, "ET", 2)) ? IN_YES : IN_NO;
}

/* Without INFO it may still be a part of a trace. */
static void begin(struct trace *t)
{
	const struct pkt_kind *kind;

	if (!input_have(t->in, WIRE_HEADER))
		return;
	kind = first_kind(t->in->buf + t->in->pos, &t->swap);
	if (!kind || kind->type != WIRE_INFO)
		trace_complain(t, 0, "no INFO packet at the start, but %s; decoding", kind ? kind->name : "no packet");
}

/* A trace that says that it has an END packet, and has none: what there is looks whole, and is not. */
static void check_end(struct trace *t, uint64_t offset)
{
	if (t->ends && !t->ended && !t->stopped && !t->in->error)
		trace_complain(t, offset, "the trace has no end: the process that wrote it was killed, "
			       "could not write on, or has not ended yet; all before that was decoded");
	t->ends = t->ended = false;
}

void trace_write_folded(struct trace *t)
{
	fold_write(t->fold, &(struct fold_writing){ .b = t->blocks, .seen = t->seen, .unordered = t->unordered }, t->out);
}

void trace_end(struct trace *t, uint64_t offset)
{
	check_end(t, offset);
	if (t->walks)
		walks_end(t->walks);
	if (t->fold)
		trace_write_folded(t);
	free(t->texts);
	t->texts = NULL;
	blocks_free(t->blocks);
	t->blocks = NULL;
}

/* What ended the input, if it isn't the end of a packet. */
static void check_input(struct trace *t)
{
	struct input *in = t->in;

	if (in->error) {
		warn("%s: byte %llu: %s", in->name, (unsigned long long)in->base + in->end, strerror(in->error));
		t->bad = true;
	} else if (in->stopped && !t->ended) {
		stopped(t, input_offset(in));
	} else if (in->pos < in->end) {
		t->ends = false;
		trace_complain(t, input_offset(in), "the trace is cut short, inside a packet's header; all before "
			       "that was decoded");
	}
}

/* Whether another packet comes; what was decoded is out before that is waited for. */
static bool more(struct trace *t)
{
	if (t->walks && t->in->end - t->in->pos < WIRE_HEADER && input_waits(t->in))
		walks_end(t->walks);
	return input_have(t->in, WIRE_HEADER);
}

static bool decode(struct input *in, struct out *out, const struct in_options *o)
{
	struct trace t = { .in = in, .out = out, .times = o->times, .forced_bits = o->bits,
			   .fold = o->fold ? fold_new(o->steps) : NULL,
			   .walks = o->walks ? walks_new(out, o->times) : NULL };

	begin(&t);
	while (more(&t))
		packet(&t);
	check_input(&t);
	trace_end(&t, input_offset(in));
	if (t.odd_blocks > 1)
		warn("%s: %llu such blocks", in->name, (unsigned long long)t.odd_blocks);
	if (t.odd_counts > 1)
		warn("%s: %llu such counts", in->name, (unsigned long long)t.odd_counts);
	fold_free(t.fold);
	walks_free(t.walks);
	return !t.bad;
}

const struct in_kind in_etrace = { "etrace", "what etrace-plugin and qemu -etrace write", match, decode };
