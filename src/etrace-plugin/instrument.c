/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is planted in a block, so that its executions are seen.
 * in:  a block of 3 instructions, number 7, with mode=count
 * out: an inline addition at its start, and one at its last instruction
 */
#include <stdlib.h>

#include "state.h"

static struct code *code_of(struct qemu_plugin_tb *tb, uint32_t id, size_t n)
{
	uint64_t start = g.link->area.block[id].start;
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

/* Where the end of a block is counted: at one of these, by what this QEMU has. */
struct end_counter {
	qemu_plugin_u64 score;
	uint64_t *plain;
	qemu_exec_cb cb;
	void *udata;
};

/* Counts that the block's last instruction is reached. */
static void instrument_end(struct qemu_plugin_tb *tb, struct end_counter c)
{
	struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, qemu_plugin_tb_n_insns(tb) - 1);

	if (c.score.score)
		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(last, QEMU_PLUGIN_INLINE_ADD_U64, c.score, 1);
	else if (qemu_plugin_register_vcpu_insn_exec_inline && !many())
		qemu_plugin_register_vcpu_insn_exec_inline(last, QEMU_PLUGIN_INLINE_ADD_U64, c.plain, 1);
	else
		qemu_plugin_register_vcpu_insn_exec_cb(last, c.cb, QEMU_PLUGIN_CB_NO_REGS, c.udata);
}

/* What a callback is to know of the guest's registers. */
static int regs(void)
{
	return g.moves ? QEMU_PLUGIN_CB_R_REGS : QEMU_PLUGIN_CB_NO_REGS;
}

static void instrument_exec(struct qemu_plugin_tb *tb, uint32_t id)
{
	qemu_exec_cb cb = g.o.host_time ? on_exec_timed : g.leaves ? on_exec_checked : on_exec;

	qemu_plugin_register_vcpu_tb_exec_cb(tb, cb, regs(), (void *)(uintptr_t)id);
	if (g.leaves)
		instrument_end(tb, (struct end_counter){ { g.ended, 0 }, &g.vcpu[0].ended, on_end_of_block, NULL });
}

static void instrument_count(struct qemu_plugin_tb *tb, uint32_t id)
{
	uint64_t *plain = area_count(&g.link->area, 0, id);
	struct qemu_plugin_scoreboard *s;
	size_t at = id % CHUNK * COUNT_BYTES;
	void *block = (void *)(uintptr_t)id;

	block_score(id);
	s = g.score[id / CHUNK];
	if (s)
		qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
			tb, QEMU_PLUGIN_INLINE_ADD_U64, (qemu_plugin_u64){ s, at + BEGAN * sizeof(uint64_t) }, 1);
	else if (qemu_plugin_register_vcpu_tb_exec_inline && !many())
		qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, plain + BEGAN, 1);
	else
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_count, QEMU_PLUGIN_CB_NO_REGS, block);
	if (g.leaves)
		instrument_end(tb, (struct end_counter){ { s, at + ENDED * sizeof(uint64_t) }, plain + ENDED,
							 on_end_counted, block });
	if (g.moves && qemu_plugin_register_vcpu_tb_exec_cond_cb)
		qemu_plugin_register_vcpu_tb_exec_cond_cb(tb, on_count_moved, regs(), QEMU_PLUGIN_COND_NE,
							  (qemu_plugin_u64){ g.region, 0 }, moved_region(id), block);
	else if (g.moves)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_count_moved, regs(), block);
}

void instrument(struct qemu_plugin_tb *tb, uint32_t id, size_t n)
{
	if (g.o.counting) {
		instrument_count(tb, id);
	} else if (g.o.exact) {
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_exec_exact, regs(), code_of(tb, id, n));
		instrument_progress(tb, n);
	} else {
		instrument_exec(tb, id);
	}
	for (size_t i = 0; g.o.mem && i < n; i++)
		qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(tb, i), on_mem, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
}
