/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the callbacks need.  QEMU hands them nothing of their plugin's but one pointer, which is the
 * block's, so it is in one variable.
 */
#ifndef ETRACE_STATE_H
#define ETRACE_STATE_H

#include <pthread.h>
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

extern struct state {
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

/* Callbacks for what a vCPU executes (execute.c); the pointer is a block's number, or its code. */
void on_exec(unsigned vcpu, void *id);
void on_exec_checked(unsigned vcpu, void *id);	/* where QEMU has g.ended */
void on_exec_timed(unsigned vcpu, void *id);	/* time=host */
void on_exec_exact(unsigned vcpu, void *code);	/* exact=on */
void on_count(unsigned vcpu, void *id);		/* mode=count, where QEMU cannot count inline */
void on_insn(unsigned vcpu, void *unused);	/* exact=on, likewise */
void on_mem(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *unused);

#endif
