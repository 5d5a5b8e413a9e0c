/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done when QEMU translates a block, and when a vCPU executes it.
 * in:  a block [40200800, 4020080c) of 3 instructions
 * out: a number for it; that number in the vCPU's ring each time that it runs, or its count
 *
 * QEMU's callbacks know nothing of their plugin but a pointer a block, so what they need is in one
 * variable of this file.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plugin.h"

enum { CHUNK = 4096, SCORES = MAX_BLOCKS / CHUNK, COUNT_BYTES = COUNT_WORDS * sizeof(uint64_t) };

/* A block with what exact=on needs of it. */
struct code {
	uint32_t id, insns;
	uint16_t offset[];	/* of each instruction, from the block's start */
};

/* What a vCPU keeps for itself. */
struct vcpu {
	_Alignas(64) uint64_t progress;	/* instructions begun, where QEMU counts them here */
	uint64_t progress_seen;
	const struct code *last;
	uint64_t last_ns;
	uint64_t ended_seen;
	uint32_t last_id;
	bool any_last;
};

static struct {
	struct ring *ring;		/* link's, at hand */
	struct link *link;
	struct options o;
	qemu_info_t info;
	pthread_mutex_t lock;		/* of what translation changes: the rest here, new blocks, misc */
	struct vcpu *vcpu;
	uint32_t *slot;			/* block number + 1, by hash */
	uint32_t slot_mask;
	struct code **code;		/* by block number, with exact=on */
	struct qemu_plugin_scoreboard *score[SCORES];	/* counts of CHUNK blocks each, where QEMU has these */
	struct qemu_plugin_scoreboard *progress;	/* instructions begun */
	struct qemu_plugin_scoreboard *ended;		/* blocks whose last instruction began */
	struct timespec copied;
} g;

static void fail(const char *what)
{
	say("%s", what);
	link_finish(g.link);
	exit(1);
}

/* ---- a vCPU executes ---- */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Waits until the ring has room for N words.  Without a writer they are put nowhere. */
static void make_room(struct ring *r, unsigned n)
{
	for (;;) {
		uint64_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

		if (g.link->discard)
			r->tail = head;
		r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
		if (head + n - r->tail_seen <= RING_WORDS)
			return;
		link_wait(g.link);
	}
}

static inline uint64_t reserve(struct ring *r, unsigned n)
{
	uint64_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

	if (__builtin_expect(head + n - r->tail_seen > RING_WORDS, 0))
		make_room(r, n);
	return head;
}

static inline void push(struct ring *r, uint32_t word)
{
	uint64_t head = reserve(r, 1);

	r->word[head % RING_WORDS] = word;
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
}

static void on_exec(unsigned vcpu, void *id)
{
	push(&g.ring[vcpu], (uint32_t)(uintptr_t)id);
}

/*
 * From release 8.2 on QEMU leaves a block before an access to a device that is not its last
 * instruction, does that one by itself, untold, and goes on in a block that begins behind it.  The
 * first block is then to end there, or what is behind the access would count twice.
 */
static void check_cut(unsigned vcpu, uint32_t id)
{
	struct vcpu *v = &g.vcpu[vcpu];
	const struct block *b = &g.link->area.block[id], *last = &g.link->area.block[v->last_id];
	uint64_t ended = *(uint64_t *)qemu_plugin_scoreboard_find(g.ended, vcpu), bytes = b->start - last->start;

	if (v->any_last && ended == v->ended_seen && b->start > last->start && b->start < last->end)
		push(&g.ring[vcpu], WORD_CUT | (uint32_t)bytes |
		     (uint32_t)(last->insns * bytes / (last->end - last->start)) << 16);
	v->any_last = true;
	v->last_id = id;
	v->ended_seen = ended;
}

static void on_exec_checked(unsigned vcpu, void *id)
{
	check_cut(vcpu, (uint32_t)(uintptr_t)id);
	push(&g.ring[vcpu], (uint32_t)(uintptr_t)id);
}

static void on_exec_timed(unsigned vcpu, void *id)
{
	struct ring *r = &g.ring[vcpu];
	struct vcpu *v = &g.vcpu[vcpu];
	uint64_t now = now_ns(), ns = v->last_ns ? now - v->last_ns : 0;

	if (g.ended)
		check_cut(vcpu, (uint32_t)(uintptr_t)id);
	push(r, WORD_NS | (uint32_t)(ns < WORD_ARG ? ns : WORD_ARG));
	push(r, (uint32_t)(uintptr_t)id);
	v->last_ns = now;
}

static void on_count(unsigned vcpu, void *id)
{
	++area_count(&g.link->area, vcpu, (uint32_t)(uintptr_t)id)[BEGAN];
}

static void on_insn(unsigned vcpu, void *unused)
{
	(void)unused;
	g.vcpu[vcpu].progress++;
}

/*
 * Instructions are counted when they begin.  If fewer began than the last block has, the last of them
 * did not end: an exception came.  (One in a block's last instruction is not seen so.)
 */
static void on_exec_exact(unsigned vcpu, void *block)
{
	struct vcpu *v = &g.vcpu[vcpu];
	const struct code *c = block, *last = v->last;
	uint64_t *p = g.progress ? qemu_plugin_scoreboard_find(g.progress, vcpu) : &v->progress;
	uint64_t begun = *p - v->progress_seen, done;

	if (last && begun < last->insns) {
		done = begun ? begun - 1 : 0;
		push(&g.ring[vcpu], WORD_CUT | (uint32_t)done << 16 | last->offset[done]);
	}
	v->progress_seen = *p;
	v->last = c;
	if (g.o.host_time)
		on_exec_timed(vcpu, (void *)(uintptr_t)c->id);
	else
		push(&g.ring[vcpu], c->id);
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

static void on_mem(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *unused)
{
	struct ring *r = &g.ring[vcpu];
	const struct qemu_plugin_hwaddr *h = qemu_plugin_get_hwaddr(info, vaddr);
	struct mem_access m = { .vaddr = vaddr, .size = 1u << qemu_plugin_mem_size_shift(info) };
	uint32_t raw[MEM_WORDS];
	uint64_t head;

	(void)unused;
	if (g.o.mem == MEM_IO && !(h && qemu_plugin_hwaddr_is_io(h)))
		return;
	m.paddr = h ? qemu_plugin_hwaddr_phys_addr(h) : vaddr;
	m.value = mem_value(info);
	m.attr = qemu_plugin_mem_is_store(info);
	memcpy(raw, &m, sizeof m);
	head = reserve(r, 1 + MEM_WORDS);
	r->word[head % RING_WORDS] = WORD_MEM;
	for (unsigned i = 0; i < MEM_WORDS; i++)
		r->word[(head + 1 + i) % RING_WORDS] = raw[i];
	atomic_store_explicit(&r->head, head + 1 + MEM_WORDS, memory_order_release);
}

/* ---- QEMU translates ---- */

static uint32_t hash(uint64_t start, uint64_t end)
{
	uint64_t h = (start ^ end << 40) * 0x9e3779b97f4a7c15u;

	return (uint32_t)(h >> 32);
}

static void grow_slots(void)
{
	const struct block *b = g.link->area.block;
	uint32_t n = g.link->area.s->n_blocks;

	free(g.slot);
	g.slot_mask = g.slot_mask * 2 + 1;
	g.slot = calloc((size_t)g.slot_mask + 1, sizeof *g.slot);
	if (!g.slot)
		fail("no memory for the table of blocks");
	for (uint32_t id = 0; id < n; id++) {
		uint32_t i = hash(b[id].start, b[id].end) & g.slot_mask;

		while (g.slot[i])
			i = (i + 1) & g.slot_mask;
		g.slot[i] = id + 1;
	}
}

/* The number of a block.  One that is translated again keeps its number. */
static uint32_t block_id(uint64_t start, uint64_t end, uint32_t insns)
{
	struct shared *s = g.link->area.s;
	struct block *b = g.link->area.block;
	uint32_t i, n = s->n_blocks;

	if (n >= g.slot_mask / 2)
		grow_slots();
	for (i = hash(start, end) & g.slot_mask; g.slot[i]; i = (i + 1) & g.slot_mask)
		if (b[g.slot[i] - 1].start == start && b[g.slot[i] - 1].end == end)
			return g.slot[i] - 1;
	if (n == MAX_BLOCKS)
		fail("the guest has more than 4194304 different blocks: trace a part of it, with range=");
	b[n] = (struct block){ start, end, insns };
	g.slot[i] = n + 1;
	s->n_blocks = n + 1;
	return n;
}

static bool wanted(uint64_t start)
{
	for (size_t i = 0; i < g.o.n_range; i++)
		if (start >= g.o.range[i].lo && start < g.o.range[i].hi)
			return true;
	return !g.o.n_range;
}

static struct code *code_of(struct qemu_plugin_tb *tb, uint32_t id, uint64_t start, size_t n)
{
	struct code *c = g.code[id];

	if (c)
		return c;
	c = malloc(sizeof *c + n * sizeof *c->offset);
	if (!c)
		fail("no memory for a block");
	c->id = id;
	c->insns = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		c->offset[i] = (uint16_t)(qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, i)) - start);
	return g.code[id] = c;
}

/* Whether more than one vCPU may count at the same place, which QEMU does not do atomically. */
static bool many(void)
{
	return g.info.system_emulation ? g.info.system.max_vcpus > 1 : g.link->area.s->n_vcpus > 1;
}

static void instrument_progress(struct qemu_plugin_tb *tb, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (g.progress)
			qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64,
									    (qemu_plugin_u64){ g.progress, 0 }, 1);
		else if (qemu_plugin_register_vcpu_insn_exec_inline && !many())
			qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
								   &g.vcpu[0].progress, 1);
		else
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_insn, QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

/* Counts at QEMU's place for it that the block's last instruction is reached. */
static void instrument_end(struct qemu_plugin_tb *tb, qemu_plugin_u64 counter)
{
	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
		qemu_plugin_tb_get_insn(tb, qemu_plugin_tb_n_insns(tb) - 1), QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}

static void instrument_exec(struct qemu_plugin_tb *tb, uint32_t id)
{
	qemu_exec_cb cb = g.o.host_time ? on_exec_timed : g.ended ? on_exec_checked : on_exec;

	qemu_plugin_register_vcpu_tb_exec_cb(tb, cb, QEMU_PLUGIN_CB_NO_REGS, (void *)(uintptr_t)id);
	if (g.ended)
		instrument_end(tb, (qemu_plugin_u64){ g.ended, 0 });
}

static void instrument_count(struct qemu_plugin_tb *tb, uint32_t id)
{
	struct qemu_plugin_scoreboard **s = &g.score[id / CHUNK];

	if (qemu_plugin_scoreboard_new) {
		size_t at = id % CHUNK * COUNT_BYTES;

		if (!*s)
			*s = qemu_plugin_scoreboard_new(CHUNK * COUNT_BYTES);
		qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
			tb, QEMU_PLUGIN_INLINE_ADD_U64, (qemu_plugin_u64){ *s, at + BEGAN * sizeof(uint64_t) }, 1);
		instrument_end(tb, (qemu_plugin_u64){ *s, at + ENDED * sizeof(uint64_t) });
	} else if (qemu_plugin_register_vcpu_tb_exec_inline && !many()) {
		qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
							 area_count(&g.link->area, 0, id), 1);
	} else {
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_count, QEMU_PLUGIN_CB_NO_REGS, (void *)(uintptr_t)id);
	}
}

/*
 * Brings counts that QEMU keeps on scoreboards to where the writer sees them.  They may move when a
 * vCPU is added, which is not while another one translates, nor at the end.
 */
static void copy_counts(void)
{
	uint32_t n = g.link->area.s->n_blocks;

	for (uint32_t i = 0; i < n; i += CHUNK)
		for (unsigned v = 0; g.score[i / CHUNK] && v < g.link->area.s->n_vcpus; v++)
			memcpy(area_count(&g.link->area, v, i), qemu_plugin_scoreboard_find(g.score[i / CHUNK], v),
			       (n - i < CHUNK ? n - i : CHUNK) * COUNT_BYTES);
}

static void copy_counts_at_times(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if ((now.tv_sec - g.copied.tv_sec) * 1000 + (now.tv_nsec - g.copied.tv_nsec) / 1000000 < 250)
		return;
	g.copied = now;
	copy_counts();
}

/* The bytes of an instruction: at most N are copied to P; returns how many. */
static size_t insn_bytes(const struct qemu_plugin_insn *insn, uint8_t *p, size_t n)
{
	size_t size = qemu_plugin_insn_size(insn);

	size = size < n ? size : n;
	if (g.info.version.cur >= 3)
		return qemu_plugin_insn_data_3(insn, p, size);
	memcpy(p, qemu_plugin_insn_data_2(insn), size);
	return size;
}

static void put_misc(const uint8_t *p, size_t n)
{
	struct shared *s = g.link->area.s;

	while (s->misc_head + n - s->misc_tail > MISC_SIZE && !g.link->discard)
		link_wait(g.link);
	if (g.link->discard)
		return;
	for (size_t i = 0; i < n; i++)
		s->misc[(s->misc_head + i) % MISC_SIZE] = p[i];
	s->misc_head += n;
}

/* TB packet: u64 vaddr, paddr, host address, u32 lengths of guest and host code, guest code. */
static void put_tb(struct qemu_plugin_tb *tb, uint64_t start, size_t n)
{
	enum { HEAD = 8 + 32 };
	uint8_t p[HEAD + 16384] = { 2 };
	size_t len = HEAD;
	uint32_t size;

	for (size_t i = 0; i < n; i++)
		len += insn_bytes(qemu_plugin_tb_get_insn(tb, i), p + len, sizeof p - len);
	size = (uint32_t)(len - 8);
	memcpy(p + 4, &size, 4);
	memcpy(p + 8, &start, 8);
	size = (uint32_t)(len - HEAD);
	memcpy(p + 32, &size, 4);
	put_misc(p, len);
}

static size_t put_fact(size_t at, const char *key, const char *value)
{
	struct shared *s = g.link->area.s;
	size_t k = strlen(key) + 1, v = strlen(value) + 1;

	if (at + k + v >= FACTS_SIZE)
		return at;
	memcpy(s->facts + at, key, k);
	memcpy(s->facts + at + k, value, v);
	return at + k + v;
}

/* What is known when the first block is translated: in user mode, what was loaded and where. */
static void put_facts(void)
{
	char number[32];
	size_t at = put_fact(0, "guest", g.info.target_name);
	const char *binary = g.info.system_emulation ? NULL : qemu_plugin_path_to_binary();

	at = put_fact(at, "mode", g.info.system_emulation ? "system" : "user");
	at = put_fact(at, "ns", g.o.host_time ? "host-time" : "instructions");
	if (binary) {
		at = put_fact(at, "binary", binary);
		snprintf(number, sizeof number, "%llx", (unsigned long long)qemu_plugin_start_code());
		at = put_fact(at, "binary-code", number);
	}
	for (size_t i = 0; i < g.o.n_range; i++) {
		snprintf(number, sizeof number, "%llx-%llx", (unsigned long long)g.o.range[i].lo,
			 (unsigned long long)g.o.range[i].hi);
		at = put_fact(at, "range", number);
	}
	g.link->area.s->facts_ready = true;
}

static void instrument(struct qemu_plugin_tb *tb, uint64_t start, uint64_t end, size_t n)
{
	uint32_t id = block_id(start, end, (uint32_t)n);

	if (g.o.tb)
		put_tb(tb, start, n);
	if (g.o.counting) {
		instrument_count(tb, id);
	} else if (g.o.exact) {
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_exec_exact, QEMU_PLUGIN_CB_NO_REGS,
						     code_of(tb, id, start, n));
		instrument_progress(tb, n);
	} else {
		instrument_exec(tb, id);
	}
	for (size_t i = 0; g.o.mem && i < n; i++)
		qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(tb, i), on_mem, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	uint64_t start = qemu_plugin_tb_vaddr(tb);
	const struct qemu_plugin_insn *last;

	(void)id;
	if (!n)
		return;
	last = qemu_plugin_tb_get_insn(tb, n - 1);
	pthread_mutex_lock(&g.lock);
	if (!g.link->area.s->facts_ready)
		put_facts();
	if (wanted(start))
		instrument(tb, start, qemu_plugin_insn_vaddr(last) + qemu_plugin_insn_size(last), n);
	if (g.score[0])
		copy_counts_at_times();
	pthread_mutex_unlock(&g.lock);
}

static void on_vcpu(qemu_plugin_id_t id, unsigned vcpu)
{
	struct shared *s = g.link->area.s;

	(void)id;
	if (vcpu >= s->n_rings)
		fail("the guest has more threads at once than this plugin has room for");
	if (vcpu >= s->n_vcpus)
		s->n_vcpus = vcpu + 1;
	/* A thread that reuses a number does not go on where another one ended. */
	g.vcpu[vcpu].last = NULL;
	g.vcpu[vcpu].last_ns = 0;
	g.vcpu[vcpu].any_last = false;
}

static void on_end(qemu_plugin_id_t id, void *unused)
{
	(void)id;
	(void)unused;
	if (g.score[0])
		copy_counts();
	link_finish(g.link);
}

static void before_fork(void)
{
	pthread_mutex_lock(&g.lock);
}

static void after_fork_parent(void)
{
	pthread_mutex_unlock(&g.lock);
}

static void after_fork_child(void)
{
	link_after_fork(g.link, g.o.out);
	pthread_mutex_unlock(&g.lock);
}

void translate_start(qemu_plugin_id_t id, const qemu_info_t *info, const struct options *o, struct link *l)
{
	struct shared *s = l->area.s;

	g.link = l;
	g.ring = l->area.ring;
	g.o = *o;
	g.info = *info;
	pthread_mutex_init(&g.lock, NULL);
	if (!o->counting && !o->exact && qemu_plugin_scoreboard_new)
		g.ended = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	s->ends = o->counting && qemu_plugin_scoreboard_new;
	s->holds_back = o->exact || o->host_time || g.ended;
	s->host_time = o->host_time;
	g.vcpu = calloc(s->n_rings, sizeof *g.vcpu);
	g.code = o->exact ? calloc(MAX_BLOCKS, sizeof *g.code) : NULL;
	g.slot_mask = 1023;
	g.slot = calloc(g.slot_mask + 1, sizeof *g.slot);
	if (!g.vcpu || !g.slot || (o->exact && !g.code))
		fail("no memory");
	if (o->exact && qemu_plugin_scoreboard_new)
		g.progress = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	if (!info->system_emulation)
		pthread_atfork(before_fork, after_fork_parent, after_fork_child);
	qemu_plugin_register_vcpu_init_cb(id, on_vcpu);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
}
