/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done when QEMU translates a block.
 * in:  a block [40200800, 4020080c) of 3 instructions
 * out: a number for it, and callbacks or counters where QEMU runs it
 */
#include "translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buildid.h"
#include "extent.h"
#include "release.h"
#include "say.h"
#include "state.h"

struct state g;

void fail(const char *what)
{
	say("%s", what);
	link_finish(g.link);
	exit(1);
}

bool wanted(uint64_t start)
{
	for (size_t i = 0; i < g.o.n_range; i++)
		if (start >= g.o.range[i].lo && start < g.o.range[i].hi)
			return true;
	return !g.o.n_range;
}

/*
 * Brings counts that QEMU keeps on scoreboards to where the writer sees them.  Scoreboards may move when a
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

enum { BYTES_MAX = 16384 };	/* more than QEMU has in one block */

/* The bytes of a block of SIZE bytes: all are at P, or it returns NULL. */
static const uint8_t *block_bytes(const struct qemu_plugin_tb *tb, size_t n, uint64_t size, uint8_t *p)
{
	size_t len = 0;

	if (size > BYTES_MAX)
		return NULL;
	for (size_t i = 0; i < n && len < size; i++)
		len += insn_bytes(qemu_plugin_tb_get_insn(tb, i), p + len, (size_t)size - len);
	return len == size ? p : NULL;
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

/* In user mode, also what was loaded and where. */
static void put_facts(void)
{
	char number[32], id[2 * BUILD_ID_MAX + 1];
	size_t at = put_fact(0, "guest", g.info.target_name);
	unsigned release = qemu_release();
	const bool user = !g.info.system_emulation && qemu_plugin_path_to_binary && qemu_plugin_start_code;
	const char *binary = user ? qemu_plugin_path_to_binary() : NULL;

	if (release) {
		snprintf(number, sizeof number, "%u.%u", release / 100, release % 100);
		at = put_fact(at, "qemu", number);
	}
	at = put_fact(at, "mode", g.info.system_emulation ? "system" : "user");
	at = put_fact(at, "ns", g.o.host_time ? "host-time" : "instructions");
	if (discon_known())
		at = put_fact(at, "discontinuities", "known");
	if (binary) {
		at = put_fact(at, "binary", binary);
		if (build_id(binary, id))
			at = put_fact(at, "binary-build-id", id);
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

void facts_known(void)
{
	if (g.link->area.s->facts_ready)
		return;
	pthread_mutex_lock(&g.lock);
	if (!g.link->area.s->facts_ready)
		put_facts();
	pthread_mutex_unlock(&g.lock);
}

static void new_block(struct qemu_plugin_tb *tb, uint64_t start, uint64_t end, size_t n)
{
	uint8_t room[BYTES_MAX];
	const uint8_t *bytes = block_bytes(tb, n, end - start, room);

	/* What runs elsewhere too may be wanted there. */
	if (g.moves || wanted(start)) {
		mappings_block(tb, start);
		instrument(tb, block_id(start, end, (uint32_t)n, bytes), n);
	}
	if (g.o.n_switcher)
		switches_block(tb, start, end, n, bytes);
}

static void translate(struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	uint64_t start = qemu_plugin_tb_vaddr(tb);
	uint64_t end;

	if (!n)
		return;
	facts_known();
	n = extent(tb, &g.info, &end);
	pthread_mutex_lock(&g.lock);
	if (g.moves || wanted(start) || g.o.n_switcher)
		new_block(tb, start, end, n);
	if (g.score[0])
		copy_counts_at_times();
	pthread_mutex_unlock(&g.lock);
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	translate(tb);
}

static void on_translate_7(struct qemu_plugin_tb *tb, void *unused)
{
	(void)unused;
	translate(tb);
}

static void begin_vcpu(unsigned vcpu)
{
	struct shared *s = g.link->area.s;

	if (vcpu >= s->n_rings)
		fail("the guest has more threads at once than this plugin has room for");
	if (vcpu >= s->n_vcpus)
		s->n_vcpus = vcpu + 1;
	/* A thread that reuses a number does not go on where another one ended. */
	g.vcpu[vcpu].last = NULL;
	g.vcpu[vcpu].last_ns = 0;
	g.vcpu[vcpu].any_last = false;
	g.vcpu[vcpu].switching = false;
	moved_vcpu(&g.vcpu[vcpu]);
}

static void on_vcpu(qemu_plugin_id_t id, unsigned vcpu)
{
	(void)id;
	begin_vcpu(vcpu);
}

static void on_vcpu_7(unsigned vcpu, void *unused)
{
	(void)unused;
	begin_vcpu(vcpu);
}

static void end(void)
{
	if (g.score[0])
		copy_counts();
	link_finish(g.link);
}

static void on_end(qemu_plugin_id_t id, void *unused)
{
	(void)id;
	(void)unused;
	end();
}

static void on_end_7(void *unused)
{
	(void)unused;
	end();
}

static void before_fork(void)
{
	pthread_mutex_lock(&g.lock);
}

static void after_fork_parent(void)
{
	pthread_mutex_unlock(&g.lock);
}

/* What QEMU counted before the fork is the parent's. */
static void forget_counts(void)
{
	for (uint32_t i = 0; i < SCORES && g.score[i]; i++)
		for (unsigned v = 0; v < g.link->area.s->n_vcpus; v++)
			memset(qemu_plugin_scoreboard_find(g.score[i], v), 0, CHUNK * COUNT_BYTES);
}

static void after_fork_child(void)
{
	forget_counts();
	link_after_fork(g.link, g.o.out);
	pthread_mutex_unlock(&g.lock);
}

void translate_start(qemu_plugin_id_t id, const qemu_info_t *info, const struct guest *guest,
		     const struct options *o, struct link *l)
{
	const bool scores = qemu_plugin_scoreboard_new;
	struct shared *s = l->area.s;

	g.link = l;
	g.ring = l->area.ring;
	g.o = *o;
	g.info = *info;
	g.guest = guest;
	g.leaves = scores || qemu_release() >= 802;
	g.moves = moved_possible();
	pthread_mutex_init(&g.lock, NULL);
	if (!o->counting && !o->exact && scores)
		g.ended = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	if (o->counting && g.moves)
		g.region = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	if (o->exact && scores)
		g.progress = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	s->ends = g.leaves;
	s->counts_late = o->counting && scores;
	s->holds_back = o->exact || o->host_time || g.leaves;
	s->host_time = o->host_time;
	s->entries = o->entries || o->host_time;
	s->with_code = o->tb;
	g.vcpu = calloc(s->n_rings, sizeof *g.vcpu);
	g.code = o->exact ? calloc(MAX_BLOCKS, sizeof *g.code) : NULL;
	g.slot_mask = 1023;
	g.slot = calloc(g.slot_mask + 1, sizeof *g.slot);
	if (!g.vcpu || !g.slot || (o->exact && !g.code))
		fail("no memory");
	if (!info->system_emulation)
		pthread_atfork(before_fork, after_fork_parent, after_fork_child);
	qemu_plugin_register_vcpu_init_cb(id, API_CB(on_vcpu, on_vcpu_7), NULL);
	qemu_plugin_register_vcpu_tb_trans_cb(id, API_CB(on_translate, on_translate_7), NULL);
	qemu_plugin_register_atexit_cb(id, API_CB(on_end, on_end_7), NULL);
	discon_start(id);
	mappings_start(id);
}
