/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer: takes block numbers out of the rings and writes packets (etrace-stream(5), BINARY
 * TRACES).
 * in:  words 7 7 9 of vCPU 0
 * out: EXEC packet, unit 0, three entries
 *
 * It runs in a process that was forked from QEMU, without exec, while QEMU had threads.  Any of them
 * may have held a lock of malloc's or stdio's, which nobody here will release: memory comes from
 * mmap(), and qsort(), which may want some of malloc's, is not used.
 */
#include "writer.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "packet.h"
#include "say.h"

enum {
	TICK_US = 200, IDLE_US = 2000,	/* between looks at the rings; after a while with nothing in them */
	HELD_US = 100000,		/* a block is out so long after it ran at the latest */
};

/* What is known of one vCPU here. */
struct lane {
	uint8_t *packet;	/* the EXEC packet under way: header, start time, entries */
	size_t len;
	uint64_t time;		/* ns, of the end of the last entry */
	uint64_t ns;		/* of the block that is held back */
	uint64_t start, end;
	bool held;
};

struct writer {
	const struct area *a;
	int out;
	struct lane *lane;
	bool begun;
	bool due;		/* what is held back is to be out now */
};

static void begin(struct writer *w)
{
	uint8_t info[WIRE_HEADER + WIRE_INFO_SIZE] = { 0 }, arch[WIRE_HEADER + WIRE_ARCH_SIZE] = { 0 };

	packet_header(info, WIRE_INFO, 0, WIRE_INFO_SIZE);
	put_uint(info + WIRE_HEADER, 8, WIRE_ENDS);
	packet_header(arch, WIRE_ARCH, 0, WIRE_ARCH_SIZE);
	arch[WIRE_HEADER + 4] = (uint8_t)w->a->s->bits;
	arch[WIRE_HEADER + 5] = w->a->s->big_endian;
	write_all(w->a, w->out, info, sizeof info);
	write_all(w->a, w->out, arch, sizeof arch);
}

/* The trace begins when something is known to write, so that a guest that ran nothing leaves none. */
static void begin_with_facts(struct writer *w)
{
	const char *key = w->a->s->facts, *value;
	size_t len;

	if (w->begun || !w->a->s->facts_ready)
		return;
	begin(w);
	for (; *key; key = value + strlen(value) + 1) {
		uint8_t p[WIRE_HEADER];

		value = key + strlen(key) + 1;
		len = (size_t)(value + strlen(value) + 1 - key);
		packet_header(p, WIRE_FACT, 0, len);
		write_all(w->a, w->out, p, sizeof p);
		write_all(w->a, w->out, (const uint8_t *)key, len);
	}
	w->begun = true;
}

/* END packet: why the trace is not whole, text with its NUL; "" if it is. */
static void finish(struct writer *w)
{
	static const char lost[] = "QEMU was killed, and with it the last counts; what ran before then was counted "
				   "a quarter of a second before at the latest, if code was translated then";
	const char *why = w->a->s->counts_late && !w->a->s->closing ? lost : "";
	uint8_t p[WIRE_HEADER + sizeof lost];
	size_t len = strlen(why) + 1;

	packet_header(p, WIRE_END, 0, len);
	memcpy(p + WIRE_HEADER, why, len);
	write_all(w->a, w->out, p, WIRE_HEADER + len);
}

/*
 * Whole packets of rare kinds, as the translating thread made them.  In mode=count nothing else is written
 * until the end, and the filters have time for the map (etrace-sym(1)) unless something comes all the time.
 */
static void drain_misc(struct writer *w)
{
	struct shared *s = w->a->s;
	uint64_t head = s->misc_head, tail = s->misc_tail;

	if (s->counting && !w->due && head - tail < MISC_SIZE / 2)
		return;
	while (tail < head) {
		size_t at = tail % MISC_SIZE, n = MISC_SIZE - at;

		n = n < head - tail ? n : (size_t)(head - tail);
		write_all(w->a, w->out, s->misc + at, n);
		tail += n;
	}
	s->misc_tail = tail;
}

static void flush_lane(struct writer *w, unsigned unit)
{
	struct lane *l = &w->lane[unit];

	if (!l->len)
		return;
	packet_header(l->packet, WIRE_EXEC, unit, l->len - WIRE_HEADER);
	write_all(w->a, w->out, l->packet, l->len);
	l->len = 0;
}

/* The packet under way of a vCPU, begun if there is none. */
static void begin_packet(const struct writer *w, struct lane *l)
{
	if (!l->packet)
		l->packet = alloc_pages(w->a, WIRE_HEADER + WIRE_EXEC_SIZE + WIRE_ENTRIES * WIRE_ENTRY_64);
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

static size_t entry_size(const struct writer *w)
{
	return w->a->s->bits == 64 ? WIRE_ENTRY_64 : WIRE_ENTRY_32;
}

static void flush_if_full(struct writer *w, unsigned unit)
{
	if (w->lane[unit].len == WIRE_HEADER + WIRE_EXEC_SIZE + WIRE_ENTRIES * entry_size(w))
		flush_lane(w, unit);
}

static void add_entry(struct writer *w, unsigned unit, uint64_t ns, uint64_t start, uint64_t end)
{
	struct lane *l = &w->lane[unit];

	ns = ns < UINT32_MAX ? ns : UINT32_MAX;
	begin_packet(w, l);
	put_entry(l->packet + l->len, w->a->s->bits == 64, (uint32_t)ns, start, end);
	l->len += entry_size(w);
	l->time += ns;
	flush_if_full(w, unit);
}

static void release(struct writer *w, unsigned unit)
{
	struct lane *l = &w->lane[unit];

	if (l->held)
		add_entry(w, unit, l->ns, l->start, l->end);
	l->held = false;
}

static void block_word(struct writer *w, unsigned unit, uint32_t word)
{
	const struct block *b = &w->a->block[word];
	struct lane *l = &w->lane[unit];

	release(w, unit);
	l->held = true;
	l->ns = w->a->s->host_time ? 0 : b->insns;
	l->start = b->start;
	l->end = b->end;
}

static void write_mem(struct writer *w, unsigned unit, const struct mem_access *m)
{
	uint8_t p[WIRE_HEADER + WIRE_MEM_SIZE] = { 0 };

	flush_lane(w, unit);
	packet_header(p, WIRE_MEM, unit, WIRE_MEM_SIZE);
	put_uint(p + 8, 8, w->lane[unit].time);
	put_uint(p + 16, 8, m->vaddr);
	put_uint(p + 24, 8, m->paddr);
	put_uint(p + 32, 8, m->value);
	put_uint(p + 40, 4, m->attr);
	p[44] = (uint8_t)m->size;
	write_all(w->a, w->out, p, sizeof p);
}

/* One item at word TAIL of the ring; returns how many words it has. */
static unsigned item(struct writer *w, unsigned unit, const struct ring *r, uint64_t tail)
{
	uint32_t word = r->word[tail % RING_WORDS];
	struct lane *l = &w->lane[unit];
	uint32_t raw[MEM_WORDS];
	struct mem_access m;

	if (word < WORD_CUT) {
		block_word(w, unit, word);
		return 1;
	}
	if (word < WORD_NS) {
		l->end = l->start + (word & 0xffff);
		if (!w->a->s->host_time)
			l->ns = word >> 16 & 0x3fff;
		return 1;
	}
	if (word < WORD_MEM) {
		l->ns = word & WORD_ARG;
		return 1;
	}
	for (unsigned i = 0; i < MEM_WORDS; i++)
		raw[i] = r->word[(tail + 1 + i) % RING_WORDS];
	memcpy(&m, raw, sizeof m);
	write_mem(w, unit, &m);
	return 1 + MEM_WORDS;
}

/*
 * The fast path: words from TAIL to STOP that are blocks' numbers and nothing else.  Returns where
 * the first other one is.
 */
static uint64_t plain_items(struct writer *w, unsigned unit, const struct ring *r, uint64_t tail, uint64_t stop)
{
	const struct block *block = w->a->block;
	struct lane *l = &w->lane[unit];
	const bool wide = w->a->s->bits == 64;
	const size_t step = entry_size(w);

	while (tail < stop) {
		uint64_t time, room;
		uint8_t *p;

		begin_packet(w, l);
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
		flush_if_full(w, unit);
	}
	return tail;
}

static bool drain_ring(struct writer *w, unsigned unit, uint64_t head)
{
	struct ring *r = &w->a->ring[unit];
	uint64_t tail = r->tail;

	if (tail == head)
		return false;
	while (tail < head) {
		uint64_t stop = tail + RING_WORDS / 8 < head ? tail + RING_WORDS / 8 : head;

		while (tail < stop) {
			if (!w->a->s->holds_back)
				tail = plain_items(w, unit, r, tail, stop);
			if (tail < stop)
				tail += item(w, unit, r, tail);
		}
		atomic_store_explicit(&r->tail, tail, memory_order_release);
	}
	return true;
}

/*
 * Empties what is in the area now.  The heads are read before the rest: a block's number in a ring
 * means that what is to be said of it, or before it, is there.
 */
static bool drain(struct writer *w, uint64_t *head)
{
	unsigned n = w->a->s->n_vcpus;
	bool any = false;

	for (unsigned i = 0; i < n; i++)
		head[i] = atomic_load_explicit(&w->a->ring[i].head, memory_order_acquire);
	begin_with_facts(w);
	drain_misc(w);
	for (unsigned i = 0; i < n; i++)
		any |= drain_ring(w, i, head[i]);
	return any;
}

static void flush_all(struct writer *w)
{
	for (unsigned i = 0; i < w->a->s->n_vcpus; i++)
		flush_lane(w, i);
}

/* What is left when QEMU has ended. */
static void write_end(struct writer *w)
{
	for (unsigned i = 0; i < w->a->s->n_vcpus; i++) {
		release(w, i);
		flush_lane(w, i);
	}
	if (w->a->count)
		counts_write(w->a, w->out);
	if (w->begun)
		finish(w);
	else
		say("QEMU ended before the guest ran anything, so there is no trace");
}

void writer_run(const struct area *a, int out, int qemu_pidfd)
{
	struct writer w = { .a = a, .out = out };
	uint64_t *head = alloc_pages(a, a->s->n_rings * sizeof *head);
	struct pollfd end = { .fd = qemu_pidfd, .events = POLLIN };
	bool ended = false, any;
	unsigned idle = 0, held = 0;

	w.lane = alloc_pages(a, a->s->n_rings * sizeof *w.lane);
	while ((any = drain(&w, head)) || !ended) {
		unsigned us;

		w.due = ended = a->s->closing || poll(&end, 1, 0) > 0;
		if (ended)
			continue;
		idle = any ? 0 : idle + 1;
		us = idle < 20 ? TICK_US : IDLE_US;
		nanosleep(&(struct timespec){ 0, us * 1000 }, NULL);
		held += us;
		if (held >= HELD_US) {
			flush_all(&w);
			w.due = true;
			held = 0;
		}
	}
	write_end(&w);
	if (close(out))
		give_up(a, "the trace is incomplete: it cannot be written: ", strerror(errno));
}
