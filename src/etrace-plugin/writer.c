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
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "plugin.h"

enum {
	PKT_EXEC = 1, PKT_MEM = 4, PKT_ARCH = 5, PKT_COUNT = 16, PKT_FACT = 17, PKT_INFO = 0x4554,
	ENTRIES = 16384,		/* of an EXEC packet, as the emulator has it */
	HEADER = 8,
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
	bool said_facts;
};

/* SIZE bytes of zeros; never freed. */
static void *get(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		say("no memory to write the trace; the guest goes on, untraced");
		_exit(1);
	}
	return p;
}

static void put(uint8_t *p, unsigned bytes, uint64_t v)
{
	memcpy(p, &v, bytes);		/* of the host's byte order, as all writers of the format have it */
}

/* Writes all; the writer ends if that is not possible, and QEMU notices. */
static void write_all(int fd, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && (errno == EINTR || errno == EAGAIN)) {
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
		} else if (w < 0) {
			if (errno == EPIPE || errno == ECONNRESET)
				say("the reader went away; the guest goes on, untraced");
			else
				say("the trace cannot be written: %s; the guest goes on, untraced", strerror(errno));
			_exit(1);
		} else {
			p += w;
			n -= (size_t)w;
		}
	}
}

static void header(uint8_t *p, unsigned type, unsigned unit, size_t len)
{
	put(p, 2, type);
	put(p + 2, 2, unit);
	put(p + 4, 4, len);
}

static void begin(struct writer *w)
{
	uint8_t p[HEADER + 12 + HEADER + 16] = { 0 };

	header(p, PKT_INFO, 0, 12);
	header(p + HEADER + 12, PKT_ARCH, 0, 16);
	p[HEADER + 12 + HEADER + 4] = (uint8_t)w->a->s->bits;
	p[HEADER + 12 + HEADER + 5] = w->a->s->big_endian;
	write_all(w->out, p, sizeof p);
}

static void write_facts(struct writer *w)
{
	const char *key = w->a->s->facts, *value;
	size_t len;

	if (w->said_facts || !w->a->s->facts_ready)
		return;
	for (; *key; key = value + strlen(value) + 1) {
		uint8_t p[HEADER];

		value = key + strlen(key) + 1;
		len = (size_t)(value + strlen(value) + 1 - key);
		header(p, PKT_FACT, 0, len);
		write_all(w->out, p, sizeof p);
		write_all(w->out, (const uint8_t *)key, len);
	}
	w->said_facts = true;
}

/* Whole packets of rare kinds, as the translating thread made them. */
static void drain_misc(struct writer *w)
{
	struct shared *s = w->a->s;
	uint64_t head = s->misc_head, tail = s->misc_tail;

	while (tail < head) {
		size_t at = tail % MISC_SIZE, n = MISC_SIZE - at;

		n = n < head - tail ? n : (size_t)(head - tail);
		write_all(w->out, s->misc + at, n);
		tail += n;
	}
	s->misc_tail = tail;
}

static void flush_lane(struct writer *w, unsigned unit)
{
	struct lane *l = &w->lane[unit];

	if (!l->len)
		return;
	header(l->packet, PKT_EXEC, unit, l->len - HEADER);
	write_all(w->out, l->packet, l->len);
	l->len = 0;
}

/* The packet under way of a vCPU, begun if there is none. */
static void begin_packet(struct lane *l)
{
	if (!l->packet)
		l->packet = get(HEADER + 8 + ENTRIES * 20);
	if (!l->len) {
		put(l->packet + HEADER, 8, l->time);
		l->len = HEADER + 8;
	}
}

static void add_entry(struct writer *w, unsigned unit, uint64_t ns, uint64_t start, uint64_t end)
{
	struct lane *l = &w->lane[unit];
	unsigned bytes = w->a->s->bits / 8, step = 4 + 2 * bytes;
	uint8_t *p;

	ns = ns < UINT32_MAX ? ns : UINT32_MAX;
	begin_packet(l);
	p = l->packet + l->len;
	put(p, 4, ns);
	if (bytes == 8) {
		put(p + 4, 8, start);
		put(p + 12, 8, end);
	} else {
		put(p + 4, 4, start);
		put(p + 8, 4, end);
	}
	l->len += step;
	l->time += ns;
	if (l->len == HEADER + 8 + ENTRIES * (size_t)step)
		flush_lane(w, unit);
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
	uint8_t p[HEADER + 40] = { 0 };

	flush_lane(w, unit);
	header(p, PKT_MEM, unit, 40);
	put(p + 8, 8, w->lane[unit].time);
	put(p + 16, 8, m->vaddr);
	put(p + 24, 8, m->paddr);
	put(p + 32, 8, m->value);
	put(p + 40, 4, m->attr);
	p[44] = (uint8_t)m->size;
	write_all(w->out, p, sizeof p);
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
	const size_t step = wide ? 20 : 12;

	while (tail < stop) {
		uint64_t time, room;
		uint8_t *p;

		begin_packet(l);
		room = ENTRIES - (l->len - HEADER - 8) / step;
		room = stop - tail < room ? stop - tail : room;
		p = l->packet + l->len;
		time = l->time;
		for (; room; room--, tail++, p += step) {
			uint32_t word = r->word[tail % RING_WORDS];
			const struct block *b = &block[word];

			if (word >= WORD_CUT)
				break;
			put(p, 4, b->insns);
			time += b->insns;
			put(p + 4, wide ? 8 : 4, b->start);
			put(p + (wide ? 12 : 8), wide ? 8 : 4, b->end);
		}
		l->time = time;
		l->len = (size_t)(p - l->packet);
		if (room)
			break;
		if (l->len == HEADER + 8 + ENTRIES * step)
			flush_lane(w, unit);
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
	write_facts(w);
	drain_misc(w);
	for (unsigned i = 0; i < n; i++)
		any |= drain_ring(w, i, head[i]);
	return any;
}

struct counts {
	uint8_t *p;		/* a COUNT packet under way */
	size_t len;
	const struct block **sorted;	/* all blocks, by start; where the ends are counted */
	uint32_t n;
};

enum { COUNT_STEP = 32, COUNT_MAX = HEADER + COUNT_STEP * 4096 };

static void flush_counts(struct writer *w, struct counts *c, unsigned unit)
{
	if (c->len > HEADER) {
		header(c->p, PKT_COUNT, unit, c->len - HEADER);
		write_all(w->out, c->p, c->len);
	}
	c->len = HEADER;
}

/* u64 count, ns, start, end */
static void add_count(struct writer *w, struct counts *c, unsigned unit, uint64_t count, const struct block *b,
		      uint64_t end)
{
	uint64_t insns = end == b->end ? b->insns : b->insns * (end - b->start) / (b->end - b->start);
	uint8_t *p = c->p + c->len;

	if (!count)
		return;
	put(p, 8, count);
	put(p + 8, 8, count * insns);
	put(p + 16, 8, b->start);
	put(p + 24, 8, end);
	c->len += COUNT_STEP;
	if (c->len == COUNT_MAX)
		flush_counts(w, c, unit);
}

/* Shell's sort, by start. */
static void sort(const struct block **b, uint32_t n)
{
	for (uint32_t gap = n / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11) {
		for (uint32_t i = gap; i < n; i++) {
			const struct block *x = b[i];
			uint32_t j = i;

			for (; j >= gap && b[j - gap]->start > x->start; j -= gap)
				b[j] = b[j - gap];
			b[j] = x;
		}
	}
}

/*
 * Where a block that did not reach its last instruction ended: QEMU leaves a block before an access
 * to a device, an exception before the instruction that failed, and what goes on there is a block
 * that starts inside this one.  The first such is taken.
 */
static uint64_t cut_at(const struct counts *c, const struct block *b)
{
	uint32_t lo = 0, hi = c->n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (c->sorted[mid]->start <= b->start)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->n && c->sorted[lo]->start < b->end ? c->sorted[lo]->start : b->end;
}

static void write_counts(struct writer *w, struct counts *c, unsigned unit)
{
	for (uint32_t i = 0; i < c->n; i++) {
		const struct block *b = &w->a->block[i];
		const uint64_t *count = area_count(w->a, unit, i);
		uint64_t cut = w->a->s->ends && count[ENDED] < count[BEGAN] ? count[BEGAN] - count[ENDED] : 0;

		add_count(w, c, unit, count[BEGAN] - cut, b, b->end);
		if (cut)
			add_count(w, c, unit, cut, b, cut_at(c, b));
	}
	flush_counts(w, c, unit);
}

static void write_all_counts(struct writer *w)
{
	struct counts c = { .p = get(COUNT_MAX), .len = HEADER, .n = w->a->s->n_blocks };

	if (w->a->s->ends) {
		c.sorted = get((c.n + 1) * sizeof *c.sorted);
		for (uint32_t i = 0; i < c.n; i++)
			c.sorted[i] = &w->a->block[i];
		sort(c.sorted, c.n);
	}
	for (unsigned i = 0; i < w->a->s->n_vcpus; i++)
		write_counts(w, &c, i);
}

static void flush_all(struct writer *w)
{
	for (unsigned i = 0; i < w->a->s->n_vcpus; i++)
		flush_lane(w, i);
}

void writer_run(const struct area *a, int out, int qemu_pidfd)
{
	struct writer w = { .a = a, .out = out };
	uint64_t *head = get(a->s->n_rings * sizeof *head);
	struct pollfd end = { .fd = qemu_pidfd, .events = POLLIN };
	bool ended = false, any;
	unsigned idle = 0, held = 0;

	w.lane = get(a->s->n_rings * sizeof *w.lane);
	begin(&w);
	while ((any = drain(&w, head)) || !ended) {
		unsigned us;

		ended = a->s->closing || poll(&end, 1, 0) > 0;
		if (ended)
			continue;
		idle = any ? 0 : idle + 1;
		us = idle < 20 ? TICK_US : IDLE_US;
		nanosleep(&(struct timespec){ 0, us * 1000 }, NULL);
		held += us;
		if (held >= HELD_US) {
			flush_all(&w);
			held = 0;
		}
	}
	for (unsigned i = 0; i < a->s->n_vcpus; i++) {
		release(&w, i);
		flush_lane(&w, i);
	}
	if (a->count)
		write_all_counts(&w);
	if (close(out))
		say("the trace cannot be written: %s", strerror(errno));
}
