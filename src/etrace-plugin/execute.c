/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done when a vCPU executes a block: the hot path.
 * in:  block 7 begins on vCPU 0
 * out: 7 in the ring of vCPU 0
 */
#include <string.h>

#include "state.h"

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static inline uint64_t head_of(const struct ring *r)
{
	return atomic_load_explicit(&r->head, memory_order_relaxed);
}

/* Waits until the ring has room for N words.  Without a writer they are put nowhere. */
static void make_room(struct ring *r, unsigned n)
{
	for (;;) {
		uint64_t head = head_of(r);

		if (g.link->discard)
			r->tail = head;
		r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
		if (head + n - r->tail_seen <= RING_WORDS)
			return;
		link_wait(g.link);
	}
}

static inline bool has_room(const struct ring *r, uint64_t head, unsigned n)
{
	return __builtin_expect(head + n - r->tail_seen <= RING_WORDS, 1);
}

static inline void put_word(struct ring *r, uint64_t head, uint32_t word)
{
	r->word[head % RING_WORDS] = word;
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
}

/* Apart, so that a callback that ends in push() saves no registers where there is room. */
static __attribute__((noinline, cold)) void push_late(struct ring *r, uint32_t word)
{
	make_room(r, 1);
	put_word(r, head_of(r), word);
}

static inline void push(struct ring *r, uint32_t word)
{
	uint64_t head = head_of(r);

	if (has_room(r, head, 1))
		put_word(r, head, word);
	else
		push_late(r, word);
}

void push_block(unsigned vcpu, uint32_t id)
{
	push(&g.ring[vcpu], id);
}

void push_cut(unsigned vcpu, uint32_t insns, uint32_t bytes)
{
	push(&g.ring[vcpu], WORD_CUT | insns << 16 | bytes);
}

uint32_t code_insns(const struct code *c, uint64_t bytes)
{
	uint32_t n = 0;

	while (n < c->insns && c->offset[n] < bytes)
		n++;
	return n;
}

void on_exec(unsigned vcpu, void *id)
{
	push(&g.ring[vcpu], (uint32_t)(uintptr_t)id);
}

/*
 * The block that begins, in *BLOCK: ID as translated, or elsewhere.  False if that is not to be traced,
 * which is not known earlier.
 */
static inline bool running(unsigned vcpu, uint32_t id, uint32_t *block)
{
	*block = g.moves ? moved_block(vcpu, id) : id;
	if (__builtin_expect(!g.link->area.block[*block].unwanted, 1))
		return true;
	g.vcpu[vcpu].any_last = false;
	g.vcpu[vcpu].last = NULL;
	return false;
}

/*
 * From release 8.2 on QEMU leaves a block before an access to a device that is not its last
 * instruction, does that one by itself, untold, and goes on in a block that begins after it.  The
 * first block is then to end there, or what follows the access would count twice.
 */
static void check_cut(unsigned vcpu, uint32_t id)
{
	struct vcpu *v = &g.vcpu[vcpu];
	const struct block *b = &g.link->area.block[id], *last = &g.link->area.block[v->last_id];
	uint64_t ended = g.ended ? *(uint64_t *)qemu_plugin_scoreboard_find(g.ended, vcpu) : v->ended;
	uint64_t bytes = b->start - last->start;

	if (v->any_last && ended == v->ended_seen && b->start > last->start && b->start < last->end)
		push_cut(vcpu, block_insns(last, bytes), (uint32_t)bytes);
	v->any_last = true;
	v->last_id = id;
	v->ended_seen = ended;
}

void on_exec_checked(unsigned vcpu, void *id)
{
	uint32_t block;

	if (!running(vcpu, (uint32_t)(uintptr_t)id, &block))
		return;
	check_cut(vcpu, block);
	push(&g.ring[vcpu], block);
}

static void push_timed(unsigned vcpu, uint32_t block)
{
	struct ring *r = &g.ring[vcpu];
	struct vcpu *v = &g.vcpu[vcpu];
	uint64_t now = now_ns(), ns = v->last_ns ? now - v->last_ns : 0;

	push(r, WORD_NS | (uint32_t)(ns < WORD_ARG ? ns : WORD_ARG));
	push(r, block);
	v->last_ns = now;
}

void on_exec_timed(unsigned vcpu, void *id)
{
	uint32_t block;

	if (!running(vcpu, (uint32_t)(uintptr_t)id, &block))
		return;
	if (g.leaves)
		check_cut(vcpu, block);
	push_timed(vcpu, block);
}

void on_count(unsigned vcpu, void *id)
{
	++area_count(&g.link->area, vcpu, (uint32_t)(uintptr_t)id)[BEGAN];
}

void on_end_of_block(unsigned vcpu, void *unused)
{
	(void)unused;
	g.vcpu[vcpu].ended++;
}

void on_end_counted(unsigned vcpu, void *id)
{
	++area_count(&g.link->area, vcpu, (uint32_t)(uintptr_t)id)[ENDED];
}

void on_insn(unsigned vcpu, void *unused)
{
	(void)unused;
	g.vcpu[vcpu].progress++;
}

static uint64_t start_of(uint32_t id)
{
	return g.link->area.block[id].start;
}

/*
 * Instructions are counted when they begin.  If fewer began than the last block has, the last of them
 * did not end: an exception came.  Or it is an access to a device, and QEMU goes on after it, as in
 * check_cut().  (An exception in a block's last instruction is seen only where QEMU tells of it:
 * discon.c.)
 */
void on_exec_exact(unsigned vcpu, void *block)
{
	struct vcpu *v = &g.vcpu[vcpu];
	const struct code *c = block, *last = v->last;
	uint64_t *p = g.progress ? qemu_plugin_scoreboard_find(g.progress, vcpu) : &v->progress;
	uint64_t begun = *p - v->progress_seen, done;
	uint32_t id;

	if (last && begun < last->insns) {
		done = begun ? begun - 1 : 0;
		if (begun && start_of(c->id) - start_of(last->id) == last->offset[begun])
			done = begun;
		push_cut(vcpu, (uint32_t)done, last->offset[done]);
	}
	v->progress_seen = *p;
	if (!running(vcpu, c->id, &id))
		return;
	v->last = c;
	v->last_id = id;
	v->any_last = true;
	if (g.o.host_time)
		push_timed(vcpu, id);
	else
		push(&g.ring[vcpu], id);
}

/* Puts WORD, and then what it announces: the N words at RAW. */
static inline void push_words(struct ring *r, uint32_t word, const uint32_t *raw, unsigned n)
{
	uint64_t head = head_of(r);

	if (!has_room(r, head, 1 + n))
		make_room(r, 1 + n);
	r->word[head % RING_WORDS] = word;
	for (unsigned i = 0; i < n; i++)
		r->word[(head + 1 + i) % RING_WORDS] = raw[i];
	atomic_store_explicit(&r->head, head + 1 + n, memory_order_release);
}

void push_discon(unsigned vcpu, const struct discon *d)
{
	uint32_t raw[DISCON_WORDS];

	memcpy(raw, d, sizeof *d);
	push_words(&g.ring[vcpu], WORD_DISCON, raw, DISCON_WORDS);
}

static uint64_t mem_value(qemu_plugin_meminfo_t info)
{
	qemu_plugin_mem_value v;

	if (!qemu_plugin_mem_get_value)
		return 0;
	v = qemu_plugin_mem_get_value(info);
	switch (v.type) {
	case 0:
		return v.data.u8;
	case 1:
		return v.data.u16;
	case 2:
		return v.data.u32;
	case 3:
		return v.data.u64;
	}
	return v.data.u128.low;
}

void on_mem(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *unused)
{
	const struct qemu_plugin_hwaddr *h = qemu_plugin_get_hwaddr(info, vaddr);
	struct mem_access m = { .vaddr = vaddr, .size = 1u << qemu_plugin_mem_size_shift(info) };
	uint32_t raw[MEM_WORDS];

	(void)unused;
	if (g.o.mem == MEM_IO && !(h && qemu_plugin_hwaddr_is_io(h)))
		return;
	m.paddr = h ? qemu_plugin_hwaddr_phys_addr(h) : vaddr;
	m.value = mem_value(info);
	m.attr = qemu_plugin_mem_is_store(info);
	memcpy(raw, &m, sizeof m);
	push_words(&g.ring[vcpu], WORD_MEM, raw, MEM_WORDS);
}

void on_switch(unsigned vcpu, void *unused)
{
	(void)unused;
	g.vcpu[vcpu].switching = true;
}

/* A stack is left before another vCPU goes on on it, so the numbers have both in this order. */
void on_switch_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *unused)
{
	struct stack_switch s = { .stack = vaddr };
	uint32_t raw[SWITCH_WORDS];

	(void)unused;
	if (!g.vcpu[vcpu].switching || qemu_plugin_mem_is_store(info))
		return;
	g.vcpu[vcpu].switching = false;
	s.number = atomic_fetch_add(&g.link->area.s->n_switches, 1);
	memcpy(raw, &s, sizeof s);
	push_words(&g.ring[vcpu], WORD_SWITCH, raw, SWITCH_WORDS);
}
