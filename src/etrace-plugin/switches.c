/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switches of stacks: where a function that does it, such as a kernel's, is translated, and what it loads.
 * in:  switch=5f2403d52b423bd5df4f03d50a7881d2, a block that begins with these bytes at ffffb2c016640
 * out: callbacks: the next load from there on has the address that the stack is known by
 *
 * A function is known by its code: so it is found wherever the guest's kernel was loaded, and only blocks with
 * this code are slower.
 */
#include <stdlib.h>
#include <string.h>

#include "state.h"

enum { REACH = 128 };	/* the load is within so many bytes of where it is looked for */

/*
 * Where the first KNOWN bytes of W were found: all of them, or those of blocks so far.  A block may be shorter than
 * they are: it ends with its page, or where interrupts are masked.
 */
struct place {
	const struct switcher *w;
	uint64_t start;
	size_t known;
	uint64_t load;		/* from here on its loads are looked for, once all is known */
};

static struct {
	struct place *of;
	size_t n;
} places;

/*
 * Compares a block's BYTES from START to END with what follows what is known of P.  False if they differ.  The blocks
 * before it were translated already: loads are looked for from this one on.
 */
static bool match(struct place *p, uint64_t start, uint64_t end, const uint8_t *bytes)
{
	size_t left = p->w->n - p->known, size = (size_t)(end - start);

	size = size < left ? size : left;
	if (memcmp(bytes, p->w->code + p->known, size) != 0)
		return false;
	p->known += size;
	p->load = p->start + p->w->offset > start ? p->start + p->w->offset : start;
	return true;
}

static void add(struct place p)
{
	for (size_t i = 0; i < places.n; i++)
		if (places.of[i].w == p.w && places.of[i].start == p.start)
			return;
	places.of = realloc(places.of, (places.n + 1) * sizeof *places.of);
	if (!places.of)
		fail("no memory for the places of switch functions");
	places.of[places.n++] = p;
}

static void find(uint64_t start, uint64_t end, const uint8_t *bytes)
{
	for (struct place *p = places.of; p < places.of + places.n; p++)
		if (p->known < p->w->n && p->start + p->known == start)
			match(p, start, end, bytes);
	for (size_t i = 0; i < g.o.n_switcher; i++) {
		struct place p = { &g.o.switcher[i], start, 0, 0 };

		if (match(&p, start, end, bytes))
			add(p);
	}
}

static void plant(struct qemu_plugin_tb *tb, size_t n, uint64_t load)
{
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t at = qemu_plugin_insn_vaddr(insn);

		if (at == load)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_switch, QEMU_PLUGIN_CB_NO_REGS, NULL);
		/* Not loads alone: asked for these, QEMU 7.2 tells of stores. */
		if (at >= load && at < load + REACH)
			qemu_plugin_register_vcpu_mem_cb(insn, on_switch_access, QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_RW, NULL);
	}
}

void switches_block(struct qemu_plugin_tb *tb, uint64_t start, uint64_t end, size_t n, const uint8_t *bytes)
{
	if (bytes)
		find(start, end, bytes);
	for (const struct place *p = places.of; p < places.of + places.n; p++)
		if (p->known == p->w->n && start < p->load + REACH && p->load < end)
			plant(tb, n, p->load);
}
