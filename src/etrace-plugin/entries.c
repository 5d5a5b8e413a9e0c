/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format=etrace: blocks as EXEC packets, which any reader of the format takes.
 * in:  words 7 7 9 of vCPU 0
 * out: EXEC packet, unit 0, three entries
 *
 * Called in the writer: malloc() is not to be used (see writer.c).
 */
#include "format.h"
#include "packet.h"

/* What is known of one vCPU here. */
struct lane {
	uint8_t *packet;	/* the EXEC packet under way: header, start time, entries */
	size_t len;
	uint64_t time;		/* ns, of the end of the last entry */
	uint64_t ns;		/* of the block that is held back */
	uint64_t start, end;
	bool held;
};

struct entries {
	const struct area *a;
	struct sink *out;
	struct lane *lane;
};

static void *entries_begin(const struct area *a, struct sink *out)
{
	struct entries *f = alloc_pages(a, sizeof *f);

	*f = (struct entries){ .a = a, .out = out, .lane = alloc_pages(a, a->s->n_rings * sizeof *f->lane) };
	return f;
}

/* TB packet: u64 vaddr, paddr, host address, u32 lengths of guest and host code, guest code. */
static size_t entries_block(void *p, uint8_t *to, uint32_t id, const uint8_t *code, size_t size)
{
	struct entries *f = p;
	const struct block *b = &f->a->block[id];

	if (f->a->s->counting)
		return runs_block(f->a, to, id, code, size);
	if (!code)
		return 0;
	packet_header(to, WIRE_TB, 0, WIRE_TB_SIZE + size);
	memset(to + WIRE_HEADER, 0, WIRE_TB_SIZE);
	put_uint(to + WIRE_HEADER, 8, b->start);
	put_uint(to + WIRE_HEADER + 24, 4, size);
	memcpy(to + WIRE_HEADER + WIRE_TB_SIZE, code, size);
	return WIRE_HEADER + WIRE_TB_SIZE + size;
}

static uint64_t entries_flush(void *p, unsigned unit)
{
	struct entries *f = p;
	struct lane *l = &f->lane[unit];

	if (l->len) {
		packet_header(l->packet, WIRE_EXEC, unit, l->len - WIRE_HEADER);
		write_all(f->a, f->out, l->packet, l->len);
	}
	l->len = 0;
	return l->time;
}

/* The packet under way of a vCPU, begun if there is none. */
static void begin_packet(const struct entries *f, struct lane *l)
{
	if (!l->packet)
		l->packet = alloc_pages(f->a, WIRE_HEADER + WIRE_EXEC_SIZE + WIRE_ENTRIES * WIRE_ENTRY_64);
	if (!l->len) {
		put_uint(l->packet + WIRE_HEADER, 8, l->time);
		l->len = WIRE_HEADER + WIRE_EXEC_SIZE;
	}
}

/* Puts an entry of a packet at P. */
static inline void put_entry(uint8_t *p, bool wide, uint32_t ns, uint64_t start, uint64_t end)
{
	put_uint(p, 4, ns);
	put_uint(p + 4, wide ? 8 : 4, start);
	put_uint(p + (wide ? 12 : 8), wide ? 8 : 4, end);
}

static size_t entry_size(const struct entries *f)
{
	return f->a->s->bits == 64 ? WIRE_ENTRY_64 : WIRE_ENTRY_32;
}

static void flush_if_full(struct entries *f, unsigned unit)
{
	if (f->lane[unit].len == WIRE_HEADER + WIRE_EXEC_SIZE + WIRE_ENTRIES * entry_size(f))
		entries_flush(f, unit);
}

static void add_entry(struct entries *f, unsigned unit, uint64_t ns, uint64_t start, uint64_t end)
{
	struct lane *l = &f->lane[unit];

	ns = ns < UINT32_MAX ? ns : UINT32_MAX;
	begin_packet(f, l);
	put_entry(l->packet + l->len, f->a->s->bits == 64, (uint32_t)ns, start, end);
	l->len += entry_size(f);
	l->time += ns;
	flush_if_full(f, unit);
}

static void release(struct entries *f, unsigned unit)
{
	struct lane *l = &f->lane[unit];

	if (l->held)
		add_entry(f, unit, l->ns, l->start, l->end);
	l->held = false;
}

static void hold(struct entries *f, unsigned unit, const struct block *b)
{
	struct lane *l = &f->lane[unit];

	release(f, unit);
	l->held = true;
	l->ns = f->a->s->host_time ? 0 : b->insns;
	l->start = b->start;
	l->end = b->end;
}

static void entries_cut(void *p, unsigned unit, uint32_t insns, uint32_t bytes)
{
	struct entries *f = p;
	struct lane *l = &f->lane[unit];

	l->end = l->start + bytes;
	if (!f->a->s->host_time)
		l->ns = insns;
}

static void entries_ns(void *p, unsigned unit, uint32_t ns)
{
	struct entries *f = p;

	f->lane[unit].ns = ns;
}

/* The fast path, where nothing is held back. */
static uint64_t plain_blocks(struct entries *f, unsigned unit, const struct ring *r, uint64_t tail, uint64_t stop)
{
	const struct block *block = f->a->block;
	struct lane *l = &f->lane[unit];
	const bool wide = f->a->s->bits == 64;
	const size_t step = entry_size(f);

	while (tail < stop) {
		uint64_t time, room;
		uint8_t *p;

		begin_packet(f, l);
		room = WIRE_ENTRIES - (l->len - WIRE_HEADER - WIRE_EXEC_SIZE) / step;
		room = stop - tail < room ? stop - tail : room;
		p = l->packet + l->len;
		time = l->time;
		for (; room; room--, tail++, p += step) {
			uint32_t word = r->word[tail % RING_WORDS];
			const struct block *b = &block[word];

			if (word >= WORD_CUT)
				break;
			put_entry(p, wide, b->insns, b->start, b->end);
			time += b->insns;
		}
		l->time = time;
		l->len = (size_t)(p - l->packet);
		if (room)
			break;
		flush_if_full(f, unit);
	}
	return tail;
}

static uint64_t entries_blocks(void *p, unsigned unit, const struct ring *r, uint64_t tail, uint64_t stop)
{
	struct entries *f = p;
	uint32_t word;

	if (!f->a->s->holds_back)
		return plain_blocks(f, unit, r, tail, stop);
	for (; tail < stop && (word = r->word[tail % RING_WORDS]) < WORD_CUT; tail++)
		hold(f, unit, &f->a->block[word]);
	return tail;
}

static uint64_t entries_end(void *p, unsigned unit)
{
	release(p, unit);
	return entries_flush(p, unit);
}

const struct format format_entries = {
	entries_begin, entries_block, entries_blocks, entries_cut, entries_ns, entries_flush, entries_end,
};
