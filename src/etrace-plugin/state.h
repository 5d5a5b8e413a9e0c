/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the callbacks need.  QEMU hands them no more of their plugin's than one pointer, which is the
 * block's, so it is in one variable.
 */
#ifndef ETRACE_STATE_H
#define ETRACE_STATE_H

#include <pthread.h>
#include <stdnoreturn.h>
#include <time.h>

#include "guests.h"
#include "link.h"
#include "options.h"
#include "qemu.h"

enum { CHUNK = 4096, SCORES = MAX_BLOCKS / CHUNK, COUNT_BYTES = COUNT_WORDS * sizeof(uint64_t) };

/* A block with what exact=on needs of it. */
struct code {
	uint32_t id, insns;
	uint16_t offset[];	/* of each instruction, from the block's start */
};

/* What a vCPU keeps for itself. */
struct vcpu {
	_Alignas(64) uint64_t progress;	/* instructions begun, where QEMU counts them here */
	uint64_t ended;			/* blocks whose last instruction began, likewise */
	uint64_t progress_seen;
	const struct code *last;
	uint64_t last_ns;
	uint64_t ended_seen;
	uint32_t last_id;
	bool any_last;
	bool excepted;			/* the discontinuity that comes is an exception */
	bool switching;			/* the next load of a switch function tells the stack */
	/* moved.c's */
	uint64_t region, away;		/* of the block before: the upper bits of its address; pc - address */
	struct reg {
		void *handle;		/* QEMU's; NULL may be one */
		bool there;
	} pc, cr0;
	struct g_array *bytes;
	struct moved *known;
};

extern struct state {
	struct ring *ring;		/* link's, at hand */
	struct link *link;
	struct options o;
	qemu_info_t info;
	const struct guest *guest;
	bool leaves;			/* QEMU may leave a block at an access to a device, and not tell */
	bool moves;			/* a block may run elsewhere than it was translated (moved.c) */
	pthread_mutex_t lock;		/* of what translation changes: the rest here, and new blocks */
	struct vcpu *vcpu;
	uint32_t *slot;			/* block number + 1, by hash */
	uint32_t slot_mask;
	struct code **code;		/* by block number, with exact=on */
	struct qemu_plugin_scoreboard *score[SCORES];	/* counts of CHUNK blocks each, where QEMU has these */
	struct qemu_plugin_scoreboard *progress;	/* instructions begun */
	struct qemu_plugin_scoreboard *ended;		/* blocks whose last instruction began */
	struct qemu_plugin_scoreboard *region;		/* where g.moves, in mode=count: as in struct vcpu */
	struct timespec copied;
	struct mappings *mappings;	/* mappings.c's; NULL if they are not known */
	_Atomic uint64_t mapped;	/* the lowest place at which something was since it last looked, or UINT64_MAX */
} g;

/* One callback for QEMU's API up to 6, or another from 7 on. */
#define API_CB(cb, cb_7) (g.info.version.cur >= 7 ? (qemu_any_cb)(cb_7) : (qemu_any_cb)(cb))

/* A message, and the end of QEMU. */
noreturn void fail(const char *what);

/* Whether blocks that begin at START are to be traced. */
bool wanted(uint64_t start);

/* ---- translate.c ---- */

/*
 * Lets the trace begin, with what is known now, if it has not: called before the first block is made, and before
 * the first exception, which may come first, as where a guest begins at no memory.  Not under g.lock.
 */
void facts_known(void);

/* ---- blocks.c ---- */

/*
 * The number of the block [START, END) of INSNS instructions with these BYTES, NULL if they are not known; it is
 * made if it is new.  Under g.lock.
 */
uint32_t block_id(uint64_t start, uint64_t end, uint32_t insns, const uint8_t *bytes);

/* The same where g.lock is not held; in mode=count there is a place for its counts then. */
uint32_t block_find(uint64_t start, uint64_t end, uint32_t insns, const uint8_t *bytes);

/* Makes a place for the counts of block ID, in g.score; under g.lock. */
void block_score(uint32_t id);

/* The COUNT_WORDS counts of block ID on VCPU, where they are now. */
uint64_t *block_counts(unsigned vcpu, uint32_t id);

/* About how many instructions are in the first BYTES bytes of B. */
static inline uint32_t block_insns(const struct block *b, uint64_t bytes)
{
	return b->end > b->start ? (uint32_t)(b->insns * bytes / (b->end - b->start)) : 0;
}

/* ---- mappings.c ---- */

/* In user mode, has the file told that each block is of. */
void mappings_start(qemu_plugin_id_t id);

/* Called before the block at START, which QEMU translates, is made; under g.lock. */
void mappings_block(const struct qemu_plugin_tb *tb, uint64_t start);

/* ---- instrument.c ---- */

/* Plants what sees the executions of block ID, of N instructions, that QEMU translates; under g.lock. */
void instrument(struct qemu_plugin_tb *tb, uint32_t id, size_t n);

/* ---- moved.c ---- */

/* Whether QEMU may run a block elsewhere than it was translated, and lets that be known. */
bool moved_possible(void);

/* Called on the thread of a vCPU that begins. */
void moved_vcpu(struct vcpu *v);

/* The block that runs where block ID begins on VCPU: that one, or the same code at another address. */
uint32_t moved_block(unsigned vcpu, uint32_t id);

/* For mode=count: called where g.region is not this for the block. */
uint64_t moved_region(uint32_t id);
void on_count_moved(unsigned vcpu, void *id);

/* ---- discon.c ---- */

/* Whether QEMU tells of exceptions and interrupts; and has them told. */
bool discon_known(void);
void discon_start(qemu_plugin_id_t id);

/* ---- switches.c ---- */

/*
 * Called when QEMU translates the block [START, END) of N instructions with these BYTES, NULL if they are not known:
 * plants what sees a switch of stacks, if the block has a part of a function that the user named; under g.lock.
 */
void switches_block(struct qemu_plugin_tb *tb, uint64_t start, uint64_t end, size_t n, const uint8_t *bytes);

/* ---- execute.c: callbacks for what a vCPU executes; the pointer is a block's number, or its code ---- */

void on_exec(unsigned vcpu, void *id);
void on_exec_checked(unsigned vcpu, void *id);	/* where g.leaves */
void on_exec_timed(unsigned vcpu, void *id);	/* time=host */
void on_exec_exact(unsigned vcpu, void *code);	/* exact=on */
void on_count(unsigned vcpu, void *id);		/* mode=count, where QEMU cannot count inline */
void on_insn(unsigned vcpu, void *unused);	/* exact=on, likewise */
void on_end_of_block(unsigned vcpu, void *unused);	/* where g.leaves, likewise */
void on_end_counted(unsigned vcpu, void *id);		/* the same in mode=count */
void on_mem(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *unused);
void on_switch(unsigned vcpu, void *unused);	/* the load that tells the stack is next */
void on_switch_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *unused);

/* The next block of VCPU is ID; the last one ended after so many instructions and bytes. */
void push_block(unsigned vcpu, uint32_t id);
void push_cut(unsigned vcpu, uint32_t insns, uint32_t bytes);

/* An exception or an interrupt came after that. */
void push_discon(unsigned vcpu, const struct discon *d);

/* How many instructions of C begin in its first BYTES bytes. */
uint32_t code_insns(const struct code *c, uint64_t bytes);

#endif
