/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer: takes block numbers out of the rings and writes packets (etrace-stream(5), BINARY
 * TRACES).
 * in:  block 7, words 7 7 9 of vCPU 0
 * out: BLOCK packet; RUN packet, unit 0, of three blocks
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

#include "format.h"
#include "packet.h"
#include "say.h"

enum {
	TICK_US = 200, IDLE_US = 2000,	/* between looks at the rings; after a while with nothing in them */
	HELD_US = 100000,		/* a block is out so long after it ran at the latest */
};

struct writer {
	const struct area *a;
	struct sink *out;
	const struct format *f;
	void *fmt;		/* the format's own */
	uint32_t n_blocks, n_mappings;	/* whose packets are written */
	uint64_t n_switches;	/* likewise */
	bool begun;
	bool due;		/* what is held back is to be out now */
	bool last;		/* nothing more comes */
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

/* MAP packet: u64 lo, hi, offset, path and build-id with their NULs. */
static void write_mapping(const struct writer *w, const struct mapping *m)
{
	const char *path = m->path == NOTHING ? "" : w->a->texts + m->path;
	const char *build_id = m->build_id == NOTHING ? "" : w->a->texts + m->build_id;
	uint8_t p[WIRE_HEADER + 24];

	packet_header(p, WIRE_MAP, 0, 24 + strlen(path) + 1 + strlen(build_id) + 1);
	put_uint(p + WIRE_HEADER, 8, m->lo);
	put_uint(p + WIRE_HEADER + 8, 8, m->hi);
	put_uint(p + WIRE_HEADER + 16, 8, m->offset);
	write_all(w->a, w->out, p, sizeof p);
	write_all(w->a, w->out, (const uint8_t *)path, strlen(path) + 1);
	write_all(w->a, w->out, (const uint8_t *)build_id, strlen(build_id) + 1);
}

/* Whether a mapping, of the first N, is to be written before the next block. */
static bool mapping_is_due(const struct writer *w, uint32_t n)
{
	return w->n_mappings < n && w->a->mapping[w->n_mappings].before <= w->n_blocks;
}

/*
 * The packets of new blocks.  In mode=count nothing else is written until the end, and the filters have time for
 * the map (etrace-sym(1)) unless something comes all the time.
 */
static void write_blocks(struct writer *w)
{
	enum { LATE = 4096, BUF = 65536 };
	const struct area *a = w->a;
	uint32_t n = a->s->n_blocks, n_mappings = a->s->n_mappings;
	uint8_t p[BUF];
	size_t len = 0;

	if (!w->begun || (a->s->counting && !w->due && n - w->n_blocks < LATE))
		return;
	for (; w->n_blocks < n; w->n_blocks++) {
		const struct block *b = &a->block[w->n_blocks];
		const uint8_t *code = a->s->with_code && !b->unwanted ? area_code(a, b) : NULL;
		size_t size = (size_t)(b->end - b->start);

		if (len + FORMAT_BLOCK_MAX + (code ? size : 0) > BUF || mapping_is_due(w, n_mappings)) {
			write_all(a, w->out, p, len);
			len = 0;
		}
		while (mapping_is_due(w, n_mappings))
			write_mapping(w, &a->mapping[w->n_mappings++]);
		len += w->f->block(w->fmt, p + len, w->n_blocks, code, size);
	}
	write_all(a, w->out, p, len);
}

static void write_mem(struct writer *w, unsigned unit, const struct mem_access *m)
{
	uint8_t p[WIRE_HEADER + WIRE_MEM_SIZE] = { 0 };

	put_uint(p + 8, 8, w->f->flush(w->fmt, unit));
	packet_header(p, WIRE_MEM, unit, WIRE_MEM_SIZE);
	put_uint(p + 16, 8, m->vaddr);
	put_uint(p + 24, 8, m->paddr);
	put_uint(p + 32, 8, m->value);
	put_uint(p + 40, 4, m->attr);
	p[44] = (uint8_t)m->size;
	write_all(w->a, w->out, p, sizeof p);
}

/* It comes after all blocks before, also one that is held back: no word says more of that. */
static void write_discon(struct writer *w, unsigned unit, const struct discon *d)
{
	uint8_t p[WIRE_HEADER + WIRE_DISCON_SIZE];

	put_uint(p + 8, 8, w->f->end(w->fmt, unit));
	packet_header(p, WIRE_DISCON, unit, WIRE_DISCON_SIZE);
	put_uint(p + 16, 8, d->from);
	put_uint(p + 24, 8, d->to);
	put_uint(p + 32, 4, d->kind);
	write_all(w->a, w->out, p, sizeof p);
}

/* Copies the N words after word TAIL of the ring to WORDS. */
static void copy_words(const struct ring *r, uint64_t tail, void *words, unsigned n)
{
	uint8_t *to = words;

	for (unsigned i = 0; i < n; i++)
		memcpy(to + 4 * i, &r->word[(tail + 1 + i) % RING_WORDS], 4);
}

static void write_switch(const struct writer *w, unsigned unit, uint64_t stack)
{
	uint8_t p[WIRE_HEADER + WIRE_SWITCH_SIZE];

	put_uint(p + 8, 8, w->f->end(w->fmt, unit));
	packet_header(p, WIRE_SWITCH, unit, WIRE_SWITCH_SIZE);
	put_uint(p + 16, 8, stack);
	write_all(w->a, w->out, p, sizeof p);
}

static void cut(struct writer *w, unsigned unit, uint32_t word)
{
	w->f->cut(w->fmt, unit, word >> 16 & 0x3fff, word & 0xffff);
}

/*
 * A switch, at word TAIL; returns how many words were taken: none as long as one of another vCPU is to come before it.
 * It comes after the block in which it was, which the next word may cut.  It does not wait for that word: the vCPU may
 * be waiting for one whose ring is full because its own switch waits for this one.
 */
static unsigned take_switch(struct writer *w, unsigned unit, const struct ring *r, uint64_t tail, uint64_t head)
{
	uint64_t next = tail + 1 + SWITCH_WORDS;
	struct stack_switch s;
	bool is_cut;

	copy_words(r, tail, &s, SWITCH_WORDS);
	if (!w->last && s.number != w->n_switches)
		return 0;
	is_cut = next < head && (r->word[next % RING_WORDS] & WORD_NS) == WORD_CUT;
	if (is_cut)
		cut(w, unit, r->word[next % RING_WORDS]);
	write_switch(w, unit, s.stack);
	w->n_switches++;
	return 1 + SWITCH_WORDS + is_cut;
}

/* What is at word TAIL of the ring, which is no block; returns how many words were taken. */
static unsigned other_word(struct writer *w, unsigned unit, const struct ring *r, uint64_t tail, uint64_t head)
{
	uint32_t word = r->word[tail % RING_WORDS];
	struct mem_access m;
	struct discon d;

	if (word < WORD_NS) {
		cut(w, unit, word);
		return 1;
	}
	if (word < WORD_MEM) {
		w->f->ns(w->fmt, unit, word & WORD_ARG);
		return 1;
	}
	if (word < WORD_DISCON) {
		copy_words(r, tail, &m, MEM_WORDS);
		write_mem(w, unit, &m);
		return 1 + MEM_WORDS;
	}
	if (word >= WORD_SWITCH)
		return take_switch(w, unit, r, tail, head);
	copy_words(r, tail, &d, DISCON_WORDS);
	write_discon(w, unit, &d);
	return 1 + DISCON_WORDS;
}

/* Takes words of the ring up to STOP, of the HEAD that there are; returns where it came to. */
static uint64_t take_words(struct writer *w, unsigned unit, const struct ring *r, uint64_t stop, uint64_t head)
{
	uint64_t tail = r->tail;

	while (tail < stop) {
		unsigned n = 0;

		tail = w->f->blocks(w->fmt, unit, r, tail, stop);
		if (tail < stop)
			n = other_word(w, unit, r, tail, head);
		if (!n)
			break;
		tail += n;
	}
	return tail;
}

/* Whether any word was taken. */
static bool drain_ring(struct writer *w, unsigned unit, uint64_t head)
{
	struct ring *r = &w->a->ring[unit];
	uint64_t begin = r->tail, tail = begin, stop = begin;

	while (tail == stop && tail < head) {
		stop = tail + RING_WORDS / 8 < head ? tail + RING_WORDS / 8 : head;
		tail = take_words(w, unit, r, stop, head);
		stop = tail < stop ? stop : tail;
		atomic_store_explicit(&r->tail, tail, memory_order_release);
	}
	return tail != begin;
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
	write_blocks(w);
	for (unsigned i = 0; i < n; i++)
		any |= drain_ring(w, i, head[i]);
	return any;
}

static void flush_all(struct writer *w)
{
	for (unsigned i = 0; i < w->a->s->n_vcpus; i++)
		w->f->flush(w->fmt, i);
}

/* What is left when QEMU has ended. */
static void write_end(struct writer *w)
{
	for (unsigned i = 0; i < w->a->s->n_vcpus; i++)
		w->f->end(w->fmt, i);
	if (w->a->count)
		counts_write(w->a, w->out, w->n_blocks);
	if (w->begun)
		finish(w);
	else
		say("QEMU ended before the guest ran anything, so there is no trace");
}

void writer_run(const struct area *a, int out, int qemu_pidfd)
{
	struct writer w = { .a = a, .f = a->s->entries ? &format_entries : &format_runs };
	uint64_t *head = alloc_pages(a, a->s->n_rings * sizeof *head);
	struct pollfd end = { .fd = qemu_pidfd, .events = POLLIN };
	bool ended = false, any;
	unsigned idle = 0, held = 0;

	w.out = alloc_pages(a, sizeof *w.out);
	w.out->fd = out;
	w.fmt = w.f->begin(a, w.out);
	while ((any = drain(&w, head)) || !w.last) {
		unsigned us;

		/*
		 * A vCPU may have been killed between the number of a switch and its word: nobody waits for that then.
		 */
		w.last = ended && !any;
		w.due = ended = a->s->closing || poll(&end, 1, 0) > 0;
		sink_flush(a, w.out);
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
	sink_flush(a, w.out);
	if (close(out))
		give_up(a, "the trace is incomplete: it cannot be written: ", strerror(errno));
}
