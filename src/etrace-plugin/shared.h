/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory that QEMU's threads and the writer share.
 *
 * A vCPU that executes a block puts the block's number, one word, into a ring of its own: no lock,
 * no system call.  What the number stands for is in a table, with the block's bytes, before that.  The writer,
 * a process of its own, makes packets of both.  It sees QEMU's end,
 * however QEMU ends, and what is in the memory then is not lost.
 */
#ifndef ETRACE_SHARED_H
#define ETRACE_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RING_WORDS = 1 << 18,
	MAX_BLOCKS = 1 << 22,
	FACTS_SIZE = 8192,
	CODE_SIZE = 1 << 30,	/* bytes of all blocks; less than NO_CODE */
	MAX_MAPPINGS = 1 << 20,
	TEXTS_SIZE = 1 << 24,	/* bytes of the names of mapped files; less than NOTHING */
};

/*
 * Words in a ring: below WORD_CUT the number of a block, executed; or one of these, with a number in
 * the lower bits.
 */
#define WORD_CUT 0x80000000u	/* the block before was cut: instructions << 16 | bytes, that were executed */
#define WORD_NS 0xc0000000u	/* the next block comes that many ns (29 bits) after the last one */
#define WORD_MEM 0xe0000000u	/* a memory access: a struct mem_access follows */
#define WORD_DISCON 0xf0000000u	/* an exception or an interrupt: a struct discon follows */
#define WORD_SWITCH 0xf8000000u	/* the vCPU goes on on another stack: a struct stack_switch follows */
#define WORD_ARG 0x1fffffffu

struct mem_access {
	uint64_t vaddr, paddr, value;
	uint32_t attr, size;
};

struct discon {
	uint64_t from, to;
	uint32_t kind, padding;		/* WIRE_INTERRUPT or WIRE_EXCEPTION */
};

struct stack_switch {
	uint64_t stack;			/* the address of the load that tells it */
	uint64_t number;		/* of all vCPUs' switches, from 0 on */
};

enum {
	MEM_WORDS = sizeof(struct mem_access) / 4,
	DISCON_WORDS = sizeof(struct discon) / 4,
	SWITCH_WORDS = sizeof(struct stack_switch) / 4,
};

struct block {
	uint64_t start, end;	/* start == end: a place where an exception or an interrupt came */
	uint32_t insns;
	uint32_t code;		/* where in the area's code its bytes are; NO_CODE if they are not known */
	uint32_t token;		/* a hash of them (token.h); 0 without */
	bool unwanted;		/* outside of what is traced */
};

#define NO_CODE UINT32_MAX

/* From block number BEFORE on the guest's [lo, hi) is what a file has from OFFSET on. */
struct mapping {
	uint64_t lo, hi, offset;
	uint32_t before;
	uint32_t path, build_id;	/* where in the area's texts; NOTHING: nothing is there any more */
};

#define NOTHING UINT32_MAX

struct ring {
	_Alignas(64) _Atomic uint64_t head;	/* the vCPU's: words put in so far */
	uint64_t tail_seen;			/* the vCPU's copy of tail */
	_Alignas(64) _Atomic uint64_t tail;	/* the writer's: words taken out */
	_Alignas(64) uint32_t word[RING_WORDS];
};

struct shared {
	/* set before the writer starts */
	unsigned bits;			/* of the guest's addresses: 32 or 64 */
	bool big_endian, counting, host_time;
	bool entries;			/* format=etrace: EXEC packets */
	bool with_code;			/* tb=on */
	bool ends;			/* mode=count knows ENDED */
	bool holds_back;		/* a word may say more of the block before it */
	bool counts_late;		/* the last of mode=count's counts come here as QEMU ends by itself */
	unsigned n_rings;

	_Atomic int writer;		/* its process id */
	_Atomic bool closing, done;	/* QEMU is at its end; the writer has written all */
	_Atomic bool failed;		/* the writer ended before, and said why */
	_Atomic uint64_t n_switches;
	_Atomic unsigned n_vcpus;	/* that were started so far: the highest number + 1 */
	_Atomic uint32_t n_blocks;	/* their contents are constant once the number is seen */
	uint32_t code_used;		/* bytes */
	_Atomic uint32_t n_mappings;	/* as n_blocks; set before the block that they come before */
	uint32_t texts_used;		/* bytes */
	_Atomic bool facts_ready;	/* what is in facts is complete: before the first block */
	char facts[FACTS_SIZE];		/* "key\0value\0" ..., "" at the end */
};

/* All of it, mapped once, in both processes at the same place. */
struct area {
	struct shared *s;
	struct ring *ring;		/* s->n_rings */
	struct block *block;		/* MAX_BLOCKS */
	uint8_t *code;			/* CODE_SIZE */
	struct mapping *mapping;	/* MAX_MAPPINGS */
	char *texts;			/* TEXTS_SIZE */
	uint64_t *count;		/* with mode=count: [vcpu][block][COUNT_WORDS] */
};

/* How often a block began and, where s->ends, how often its last instruction did. */
enum { BEGAN, ENDED, COUNT_WORDS };

/* The bytes of block B, or NULL if they are not known. */
static inline const uint8_t *area_code(const struct area *a, const struct block *b)
{
	return b->code == NO_CODE ? NULL : a->code + b->code;
}

static inline uint64_t *area_count(const struct area *a, unsigned vcpu, uint32_t block)
{
	return a->count + ((uint64_t)vcpu * MAX_BLOCKS + block) * COUNT_WORDS;
}

#endif
