/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a plugin has done without a callback, and where it is counted: plain memory up to API 1, from
 * API 2 on scoreboards, with one element a vCPU.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"

#if API < 2
static struct op inline_op(int op, void *p, uint64_t imm)
{
	if (op != 0)
		die("this release can only add inline");
	return (struct op){ .kind = ADD, .p = p, .imm = imm };
}

void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *p, uint64_t imm)
{
	if (!tb->mem_only)
		add_op(&tb->exec, inline_op(op, p, imm));
}

void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *p, uint64_t imm)
{
	if (!insn->mem_only)
		add_op(&insn->exec, inline_op(op, p, imm));
}

uint64_t *counter_of(const struct op *op, unsigned vcpu)
{
	(void)vcpu;
	return op->p;
}

bool add_vcpu(unsigned vcpu)
{
	(void)vcpu;
	return false;
}

int qemu_plugin_n_vcpus(void)
{
	return (int)host.n_vcpus;
}

int qemu_plugin_n_max_vcpus(void)
{
	return (int)host.n_vcpus;
}
#else
static struct op inline_op(int op, qemu_plugin_u64 entry, uint64_t imm)
{
	if (op != 0 && (op != 1 || RELEASE < 901))
		die("this release has no inline operation %d", op);
	return (struct op){ .kind = op ? STORE : ADD, .entry = entry, .imm = imm };
}

void qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(struct qemu_plugin_tb *tb, int op, qemu_plugin_u64 entry,
						       uint64_t imm)
{
	if (!tb->mem_only)
		add_op(&tb->exec, inline_op(op, entry, imm));
}

void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, int op,
							 qemu_plugin_u64 entry, uint64_t imm)
{
	if (!insn->mem_only)
		add_op(&insn->exec, inline_op(op, entry, imm));
}

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_size)
{
	struct qemu_plugin_scoreboard *s = calloc(1, sizeof *s);

	if (!s || !(s->data = calloc(host.allocated, element_size)))
		die("no memory");
	s->element = element_size;
	s->next = host.scores;
	host.scores = s;
	return s;
}

void *qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *s, unsigned vcpu)
{
	if (vcpu >= host.allocated)
		die("a scoreboard has no element for vCPU %u", vcpu);
	return s->data + vcpu * s->element;
}

uint64_t qemu_plugin_u64_get(qemu_plugin_u64 entry, unsigned vcpu)
{
	return *(uint64_t *)((char *)qemu_plugin_scoreboard_find(entry.score, vcpu) + entry.offset);
}

void qemu_plugin_u64_set(qemu_plugin_u64 entry, unsigned vcpu, uint64_t value)
{
	*(uint64_t *)((char *)qemu_plugin_scoreboard_find(entry.score, vcpu) + entry.offset) = value;
}

uint64_t *counter_of(const struct op *op, unsigned vcpu)
{
	return (uint64_t *)((char *)qemu_plugin_scoreboard_find(op->entry.score, vcpu) + op->entry.offset);
}

/* QEMU begins with room for 16 vCPUs; here each that is added may move all. */
bool add_vcpu(unsigned vcpu)
{
	if (vcpu < host.allocated)
		return false;
	for (struct qemu_plugin_scoreboard *s = host.scores; s; s = s->next) {
		char *data = calloc(vcpu + 1, s->element);

		if (!data)
			die("no memory");
		memcpy(data, s->data, host.allocated * s->element);
		memset(s->data, 0xa5, host.allocated * s->element);
		free(s->data);
		s->data = data;
	}
	host.allocated = vcpu + 1;
	return true;
}

int qemu_plugin_num_vcpus(void)
{
	return (int)host.n_vcpus;
}
#endif

#if RELEASE >= 901
void qemu_plugin_register_vcpu_tb_exec_cond_cb(struct qemu_plugin_tb *tb, exec_cb *cb, int flags, int cond,
					       qemu_plugin_u64 entry, uint64_t imm, void *udata)
{
	if (!tb->mem_only)
		add_op(&tb->exec, (struct op){ CALL_IF, .exec = cb, .flags = flags, .cond = cond, .entry = entry,
					       .imm = imm, .udata = udata });
}

void qemu_plugin_register_vcpu_insn_exec_cond_cb(struct qemu_plugin_insn *insn, exec_cb *cb, int flags, int cond,
						 qemu_plugin_u64 entry, uint64_t imm, void *udata)
{
	if (!insn->mem_only)
		add_op(&insn->exec, (struct op){ CALL_IF, .exec = cb, .flags = flags, .cond = cond, .entry = entry,
						 .imm = imm, .udata = udata });
}
#endif
