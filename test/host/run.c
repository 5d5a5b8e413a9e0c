/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Executes what a script says as QEMU does: translates a block when it first runs, then does what was
 * registered for it, in its order.
 * in:  0 40000000 4 3 access 1 9000000
 * out: on vCPU 0, three times, the block [40000000, 40000010), whose second instruction accesses a device
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host.h"

static struct qemu_plugin_tb *blocks;

static void call_trans(struct vcpu *v, struct qemu_plugin_tb *tb)
{
	if (!host.trans)
		return;
	v->flags = RW_REGS;
#if API < 7
	host.trans(ID, tb);
#else
	host.trans(tb, host.trans_udata);
#endif
	v->flags = NO_REGS;
}

static void call_discon(struct vcpu *v, int type, uint64_t from, uint64_t to)
{
	if (!host.discon || !(host.discon_types & type))
		return;
	v->flags = RW_REGS;
#if API < 7
	host.discon(ID, v->index, type, from, to);
#else
	host.discon(v->index, type, from, to, host.discon_udata);
#endif
	v->flags = NO_REGS;
}

static struct qemu_plugin_tb *translate(struct vcpu *v, uint64_t start, size_t n, bool mem_only)
{
	struct qemu_plugin_tb *tb;

	for (tb = blocks; tb; tb = tb->next)
		if (tb->start == start && tb->n == n && tb->mem_only == mem_only)
			return tb;
	tb = calloc(1, sizeof *tb);
	if (!tb)
		die("no memory");
	*tb = (struct qemu_plugin_tb){ .start = start, .n = n, .mem_only = mem_only, .next = blocks };
	for (size_t i = 0; i < n; i++) {
		tb->insn[i].vaddr = start + 4 * i;
		tb->insn[i].mem_only = mem_only;
	}
	call_trans(v, tb);
	return blocks = tb;
}

static void forget_translations(void)
{
	while (blocks) {
		struct qemu_plugin_tb *next = blocks->next;

		free(blocks);
		blocks = next;
	}
}

/* enum qemu_plugin_cond */
static bool holds(int cond, uint64_t a, uint64_t b)
{
	switch (cond) {
	case 0: return false;
	case 1: return true;
	case 2: return a == b;
	case 3: return a != b;
	case 4: return a < b;
	case 5: return a <= b;
	case 6: return a > b;
	case 7: return a >= b;
	}
	die("there is no condition %d", cond);
}

static void call(struct vcpu *v, const struct op *op, uint64_t addr)
{
	v->flags = op->flags;
	if (op->kind == CALL_MEM)
		op->mem(v->index, INFO_SHIFT | INFO_STORE, addr, op->udata);
	else
		op->exec(v->index, op->udata);
	v->flags = NO_REGS;
}

static void do_ops(struct vcpu *v, const struct ops *ops, uint64_t addr)
{
	for (size_t i = 0; i < ops->n; i++) {
		const struct op *op = &ops->op[i];

		switch (op->kind) {
		case ADD:
			*counter_of(op, v->index) += op->imm;
			break;
		case STORE:
			*counter_of(op, v->index) = op->imm;
			break;
		case CALL_IF:
			if (holds(op->cond, *counter_of(op, v->index), op->imm))
				call(v, op, addr);
			break;
		case CALL_MEM:
			if (op->rw & 2)		/* the only accesses here are writes */
				call(v, op, addr);
			break;
		case CALL:
			call(v, op, addr);
		}
	}
}

/* Runs the block from its start until N of its instructions have begun; the one at ACCESS writes to ADDR. */
static void run_block(struct vcpu *v, const struct qemu_plugin_tb *tb, size_t n, size_t access, uint64_t addr)
{
	uint64_t pc = v->pc;

	do_ops(v, &tb->exec, 0);
	for (size_t i = 0; i < n; i++) {
		v->pc = pc + 4 * i;
		do_ops(v, &tb->insn[i].exec, 0);
		if (i == access) {
			access_is(addr);
			do_ops(v, &tb->insn[i].mem, addr);
		}
	}
	v->pc = pc + 4 * n;
}

enum { NO_ACCESS = MAX_INSNS };

/*
 * From 8.2 on a block is left before an access to a device, unless that is its last instruction: the
 * instruction then runs alone, in a block for which nothing but accesses is told, and what is after it
 * in a block of its own.
 */
static void run_access(struct vcpu *v, const struct row *r)
{
	const struct qemu_plugin_tb *tb = translate(v, r->start, r->insns, false);
	bool leave = RELEASE >= 802 && r->at + 1 < r->insns;

	if (!leave) {
		run_block(v, tb, r->insns, r->at, r->addr);
		return;
	}
	run_block(v, tb, r->at + 1, NO_ACCESS, 0);
	v->pc = r->start + 4 * r->at;
	run_block(v, translate(v, v->pc, 1, true), 1, 0, r->addr);
	tb = translate(v, v->pc, r->insns - r->at - 1, false);
	run_block(v, tb, tb->n, NO_ACCESS, 0);
}

/* The guest maps the file at START: what was translated from there is no longer so. */
static void map_file(struct vcpu *v, uint64_t start)
{
	int fd = open("mapped", O_RDONLY);

	if (mmap(host_addr(start), 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
		die("the file cannot be mapped");
	close(fd);
	forget_translations();
#if API < 7
	host.syscall_ret(ID, v->index, 222, (int64_t)start);
#else
	host.syscall_ret(v->index, 222, (int64_t)start, host.syscall_ret_udata);
#endif
}

/* The address that comes after row I, which is what an event leads to. */
static uint64_t next_pc(const struct row *row, size_t n, size_t i, unsigned time)
{
	const struct row *r = &row[i];

	if (time + 1 < r->times)
		return r->start;
	for (i++; i < n; i++)
		if (row[i].vcpu == r->vcpu)
			return row[i].start;
	return 0;
}

static void run_once(struct vcpu *v, const struct row *r, uint64_t next)
{
	uint64_t at = r->start + 4 * r->at;

	if (r->event == MAP)
		map_file(v, r->start);
	v->pc = r->event == SHARED ? r->addr : r->start;
	if (r->event == ACCESS) {
		run_access(v, r);
		return;
	}
	run_block(v, translate(v, r->start, r->insns, false),
		  (r->event == EXCEPTION || r->event == FAULT) && r->at < r->insns ? r->at + 1 : r->insns, NO_ACCESS, 0);
	v->pc = next;
	if (r->event == EXCEPTION)
		call_discon(v, DISCON_EXCEPTION, at, next);
	if (r->event == FAULT)
		call_discon(v, DISCON_EXCEPTION, r->start, r->start);
	if (r->event == FAULT || r->event == INTERRUPT)
		call_discon(v, DISCON_INTERRUPT, at, next);
}

void run(struct vcpu *v, const struct row *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned t = 0; row[i].vcpu == v->index && t < row[i].times; t++)
			run_once(v, &row[i], next_pc(row, n, i, t));
}

void start_vcpu(struct vcpu *v)
{
	if (add_vcpu(v->index))
		forget_translations();
	if (!host.init)
		return;
	v->flags = RW_REGS;
#if API < 7
	host.init(ID, v->index);
#else
	host.init(v->index, host.init_udata);
#endif
	v->flags = NO_REGS;
}
