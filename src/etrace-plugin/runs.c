/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks as BLOCK and RUN packets (run.h).
 * in:  words 7 9 7 9 7 9 of vCPU 0, where 9 came after 7 before, and 7 after 9
 * out: RUN packet, unit 0, six blocks, no items
 *
 * Called in the writer: malloc() is not to be used (see writer.c).
 */
#include "format.h"
#include "packet.h"
#include "run.h"

enum {
	PACKET_FULL = 65536,		/* from this length on a packet is written */
	ONE_BYTE = 64,			/* so many firsts need a second byte */
};

struct lane {
	uint32_t last;		/* the node that ran last (run.h) */
	uint32_t block;		/* that is held back */
	bool held;
	uint64_t time;		/* ns, of the end of the last block that was put into a packet */
};

struct runs {
	const struct area *a;
	struct sink *out;
	struct lane *lane;
	struct run_node *node;	/* of all vCPUs, in the order of the trace: so one packet at a time is under way */
	uint32_t *insns;	/* by block */
	unsigned unit;		/* of that packet */
	uint8_t *packet;
	size_t len;		/* 0: there is none */
	uint32_t n;		/* blocks in it */
	uint32_t firsts;	/* blocks since the last item, each the first successor of the one before */
};

static void *runs_begin(const struct area *a, struct sink *out)
{
	struct runs *f = alloc_pages(a, sizeof *f);

	*f = (struct runs){
		.a = a, .out = out,
		.lane = alloc_pages(a, a->s->n_rings * sizeof *f->lane),
		.node = alloc_pages(a, (MAX_BLOCKS + 1) * sizeof *f->node),
		.insns = alloc_pages(a, MAX_BLOCKS * sizeof *f->insns),
		.packet = alloc_pages(a, PACKET_FULL + RUN_ITEM_MAX),
	};
	return f;
}

/* u32 number, size; u64 start; u32 instructions; bytes */
size_t runs_block(const struct area *a, uint8_t *p, uint32_t id, const uint8_t *code, size_t size)
{
	const struct block *b = &a->block[id];
	size_t n = code ? size : 0;

	packet_header(p, WIRE_BLOCK, 0, WIRE_BLOCK_SIZE + n);
	p += WIRE_HEADER;
	put_uint(p, 4, id);
	put_uint(p + 4, 4, b->end - b->start);
	put_uint(p + 8, 8, b->start);
	put_uint(p + 16, 4, b->insns);
	if (n)
		memcpy(p + WIRE_BLOCK_SIZE, code, n);
	return WIRE_HEADER + WIRE_BLOCK_SIZE + n;
}

static size_t runs_put_block(void *p, uint8_t *to, uint32_t id, const uint8_t *code, size_t size)
{
	struct runs *f = p;

	f->insns[id] = f->a->block[id].insns;
	return runs_block(f->a, to, id, code, size);
}

static uint64_t runs_flush(void *p, unsigned unit)
{
	struct runs *f = p;

	if (f->len && f->unit == unit) {
		packet_header(f->packet, WIRE_RUN, unit, f->len - WIRE_HEADER);
		put_uint(f->packet + WIRE_HEADER + 8, 4, f->n);
		write_all(f->a, f->out, f->packet, f->len);
		f->len = 0;
	}
	return f->lane[unit].time;
}

/* A packet of UNIT with room for one more block. */
static void begin_packet(struct runs *f, unsigned unit)
{
	if (f->len && (f->unit != unit || f->n == WIRE_RUN_BLOCKS || f->len >= PACKET_FULL))
		runs_flush(f, f->unit);
	if (f->len)
		return;
	f->unit = unit;
	f->n = f->firsts = 0;
	f->len = WIRE_HEADER + WIRE_RUN_SIZE;
	put_uint(f->packet + WIRE_HEADER, 8, f->lane[unit].time);
}

/* An item: first successors, and then NODE.  CUT: only so many BYTES of it, or INSNS instructions. */
static void put_item(struct runs *f, struct run_node *from, uint32_t node, bool cut, uint32_t bytes, uint32_t insns)
{
	uint8_t *p = f->packet + f->len;

	if (!cut && run_second(from) == node) {
		p = run_put(p, f->firsts << 1);
	} else {
		p = run_put(p, f->firsts << 1 | 1);
		if (cut)
			*p++ = 0;
		p = run_put(p, node);
		if (cut) {
			p = run_put(p, bytes);
			p = run_put(p, insns);
		}
	}
	f->len = (size_t)(p - f->packet);
	f->firsts = 0;
	run_step(from, node);
}

static void put_block(struct runs *f, unsigned unit, uint32_t block)
{
	struct lane *l = &f->lane[unit];
	struct run_node *from = &f->node[l->last];

	begin_packet(f, unit);
	f->n++;
	if (from->first == block + 1) {
		run_first(from);
		f->firsts++;
	} else {
		put_item(f, from, block + 1, false, 0, 0);
	}
	l->last = block + 1;
	l->time += f->insns[block];
}

static void runs_cut(void *p, unsigned unit, uint32_t insns, uint32_t bytes)
{
	struct runs *f = p;
	struct lane *l = &f->lane[unit];

	if (!l->held)
		return;
	begin_packet(f, unit);
	f->n++;
	put_item(f, &f->node[l->last], l->block + 1, true, bytes, insns);
	l->last = l->block + 1;
	l->time += insns;
	l->held = false;
}

/*
 * The fast path: takes blocks from W on, before END, as long as each is one of both successors and an item has one
 * byte.  Returns where it stopped.
 */
static const uint32_t *take(struct runs *f, struct lane *l, const uint32_t *w, const uint32_t *end)
{
	const uint32_t *insns = f->insns, *begin = w;
	struct run_node *node = f->node;
	uint32_t last = l->last, firsts = f->firsts;
	uint8_t *p = f->packet + f->len;
	uint64_t time = l->time;

	for (; w < end; w++) {
		uint32_t to = *w + 1;
		struct run_node *from = &node[last];

		if (from->first == to) {
			run_first(from);
			firsts++;
		} else if (run_second(from) == to && firsts < ONE_BYTE) {
			run_to_second(from, to);
			*p++ = (uint8_t)(firsts << 1);
			firsts = 0;
		} else {
			break;
		}
		time += insns[*w];
		last = to;
	}
	l->last = last;
	l->time = time;
	f->firsts = firsts;
	f->n += (uint32_t)(w - begin);
	f->len = (size_t)(p - f->packet);
	return w;
}

static void put_blocks(struct runs *f, unsigned unit, const uint32_t *w, const uint32_t *end)
{
	struct lane *l = &f->lane[unit];

	while (w < end) {
		const uint32_t *stop;
		size_t room;

		begin_packet(f, unit);
		room = WIRE_RUN_BLOCKS - f->n;
		room = room < PACKET_FULL - f->len ? room : PACKET_FULL - f->len;
		stop = (size_t)(end - w) < room ? end : w + room;
		w = take(f, l, w, stop);
		if (w < stop)
			put_block(f, unit, *w++);
	}
}

/* The first word from W on, before END, that is no block. */
static const uint32_t *find_other(const uint32_t *w, const uint32_t *end)
{
	enum { STEP = 64 };

	for (; end - w >= STEP; w += STEP) {
		uint32_t any = 0;

		for (int i = 0; i < STEP; i++)
			any |= w[i];
		if (any >= WORD_CUT)
			break;
	}
	while (w < end && *w < WORD_CUT)
		w++;
	return w;
}

/* Takes the words from W on, before END, up to the first that is no block, and returns where that is. */
static const uint32_t *take_blocks(struct runs *f, unsigned unit, const uint32_t *w, const uint32_t *end)
{
	struct lane *l = &f->lane[unit];
	const uint32_t *stop = find_other(w, end);

	if (stop == w)
		return w;
	if (l->held)
		put_block(f, unit, l->block);
	l->held = f->a->s->holds_back;
	l->block = stop[-1];
	put_blocks(f, unit, w, stop - l->held);
	return stop;
}

static uint64_t runs_blocks(void *p, unsigned unit, const struct ring *r, uint64_t tail, uint64_t stop)
{
	struct runs *f = p;

	while (tail < stop) {
		const uint32_t *w = &r->word[tail % RING_WORDS], *end;
		uint64_t n = RING_WORDS - tail % RING_WORDS, taken;

		end = w + (stop - tail < n ? stop - tail : n);
		taken = (uint64_t)(take_blocks(f, unit, w, end) - w);
		tail += taken;
		if (w + taken != end)
			break;
	}
	return tail;
}

/* Never in this format. */
static void runs_ns(void *p, unsigned unit, uint32_t ns)
{
	(void)p;
	(void)unit;
	(void)ns;
}

static uint64_t runs_end(void *p, unsigned unit)
{
	struct runs *f = p;
	struct lane *l = &f->lane[unit];

	if (l->held)
		put_block(f, unit, l->block);
	l->held = false;
	return runs_flush(f, unit);
}

const struct format format_runs = {
	runs_begin, runs_put_block, runs_blocks, runs_cut, runs_ns, runs_flush, runs_end,
};
