/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions and interrupts, where QEMU tells them (release 10.2 and later).
 * in:  in the block [100, 120) an exception comes at 10c
 * out: the block ends there: [100, 10c); then the exception itself
 *
 * Where nothing of a block had begun yet, the block at that address has no bytes: it says where control
 * had come to, and so which way a branch before it went.
 */
#include <stddef.h>
#include <string.h>

#include "state.h"

/*
 * An exception of x86 is told twice: where it came is not known yet the first time, which says that the guest goes on
 * at the block's start; then it is an interrupt, which comes where the exception did.
 */
static bool is_told_twice(int type, uint64_t from, uint64_t to)
{
	return type == QEMU_PLUGIN_DISCON_EXCEPTION && from == to &&
	       (!strcmp(g.guest->name, "x86_64") || !strcmp(g.guest->name, "i386"));
}

/* Cuts the block that runs at FROM, in the middle of it. */
static void cut(unsigned vcpu, struct vcpu *v, const struct block *b, uint64_t from)
{
	push_cut(vcpu, v->last ? code_insns(v->last, from - b->start) : block_insns(b, from - b->start),
		 (uint32_t)(from - b->start));
}

static void discontinuity(unsigned vcpu, int type, uint64_t from, uint64_t to)
{
	struct vcpu *v = &g.vcpu[vcpu];
	const struct block *b = v->any_last ? &g.link->area.block[v->last_id] : NULL;

	if (is_told_twice(type, from, to)) {
		v->excepted = true;
		return;
	}
	if (v->excepted)
		type = QEMU_PLUGIN_DISCON_EXCEPTION;
	v->excepted = false;
	if (!wanted(from))
		return;
	if (g.o.counting) {
		/* Which block it was is not known here; counts.c looks for a place to cut. */
		if (type == QEMU_PLUGIN_DISCON_EXCEPTION)
			block_find(from, from, 0, NULL);
		return;
	}
	facts_known();
	if (type == QEMU_PLUGIN_DISCON_EXCEPTION && b && from >= b->start && from < b->end)
		cut(vcpu, v, b, from);
	else
		push_block(vcpu, block_find(from, from, 0, NULL));
	v->any_last = false;
	v->last = NULL;
	/* EXEC packets are for other readers, which know no DISCON. */
	if (!g.link->area.s->entries)
		push_discon(vcpu, &(struct discon){ from, to, (uint32_t)type, 0 });
}

static void on_discon(qemu_plugin_id_t id, unsigned vcpu, int type, uint64_t from, uint64_t to)
{
	(void)id;
	discontinuity(vcpu, type, from, to);
}

static void on_discon_7(unsigned vcpu, int type, uint64_t from, uint64_t to, void *unused)
{
	(void)unused;
	discontinuity(vcpu, type, from, to);
}

bool discon_known(void)
{
	return qemu_plugin_register_vcpu_discon_cb;
}

void discon_start(qemu_plugin_id_t id)
{
	const int types = QEMU_PLUGIN_DISCON_INTERRUPT | QEMU_PLUGIN_DISCON_EXCEPTION;

	if (discon_known())
		qemu_plugin_register_vcpu_discon_cb(id, types, API_CB(on_discon, on_discon_7), NULL);
}
