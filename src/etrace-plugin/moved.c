/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a block really runs.
 * in:  block 7, translated at 40210000, begins, and the guest's pc is ffff800008010000
 * out: block 9, the same code at ffff800008010000
 *
 * For some guests a machine's QEMU translates code relative to the pc, from about 8.1 on, and takes a
 * translation for every virtual address of its physical page (CF_PCREL in its source).  A plugin learns
 * the address of the first one.  A kernel that ran before it switched its MMU on, or a library that two
 * processes map, is then seen in the wrong place.
 *
 * Reading the pc before each block would take longer than most blocks do.  A vCPU gets from one mapping
 * to another by a jump that is far, and so it is read after such a jump, and as long as it differs.
 */
#include <stdlib.h>
#include <string.h>

#include "state.h"

enum { REGION_SHIFT = 24, KNOWN = 1024 };

/* The blocks that were last found elsewhere. */
struct moved {
	uint64_t away;		/* pc - address of the translation; 0: free */
	uint32_t id, to;
};

static struct reg find_register(const char *name)
{
	struct g_array *a = qemu_plugin_get_registers();
	struct reg found = { .there = false };
	unsigned size;

	if (!a)
		return found;
	size = g_array_get_element_size(a);
	for (unsigned i = 0; i < a->len && !found.there; i++) {
		const struct qemu_register *r = (const void *)(a->data + (size_t)i * size);

		if (!strcmp(r->name, name))
			found = (struct reg){ r->handle, true };
	}
	g_array_free(a, true);
	return found;
}

bool moved_possible(void)
{
	return g.info.system_emulation && g.guest->pc && qemu_plugin_get_registers && qemu_plugin_read_register &&
	       g_array_get_element_size && g_array_free && g_byte_array_new && g_byte_array_set_size;
}

void moved_vcpu(struct vcpu *v)
{
	if (!g.moves)
		return;
	if (!v->bytes)
		v->bytes = g_byte_array_new();
	if (!v->known)
		v->known = calloc(KNOWN, sizeof *v->known);
	v->pc = find_register(g.guest->pc);
	v->cr0 = find_register("cr0");
	v->away = 0;
	v->region = UINT64_MAX;
	if (!v->known)
		fail("no memory");
}

/* False if QEMU does not give the register's value. */
static bool read_register(struct vcpu *v, struct reg r, uint64_t *value)
{
	unsigned n;

	g_byte_array_set_size(v->bytes, 0);
	qemu_plugin_read_register(r.handle, v->bytes);
	n = v->bytes->len < sizeof *value ? v->bytes->len : sizeof *value;
	*value = 0;
	for (unsigned i = 0; i < n; i++) {
		unsigned shift = 8 * (g.guest->big_endian ? n - 1 - i : i);

		*value |= (uint64_t)(uint8_t)v->bytes->data[i] << shift;
	}
	return n;
}

/*
 * How far from its translation's address, START, the block that V begins is.  The pc of x86 is relative to a
 * segment's base, which is 0 unless in real mode.  Whatever is not the same place of another page is no mapping.
 */
static uint64_t distance(struct vcpu *v, uint64_t start)
{
	enum { CR0_PE = 1, PAGE = 4096 };
	uint64_t pc, cr0;

	if (!read_register(v, v->pc, &pc) || (pc - start) % PAGE)
		return 0;
	if (pc != start && v->cr0.there && (!read_register(v, v->cr0, &cr0) || !(cr0 & CR0_PE)))
		return 0;
	return pc - start;
}

static uint32_t elsewhere(struct vcpu *v, uint32_t id)
{
	const struct block *b = &g.link->area.block[id];
	struct moved *m = &v->known[(id ^ v->away >> 12) % KNOWN];

	if (m->id != id || m->away != v->away)
		*m = (struct moved){ v->away, id, block_find(b->start + v->away, b->end + v->away, b->insns,
							     area_code(&g.link->area, b)) };
	return m->to;
}

uint32_t moved_block(unsigned vcpu, uint32_t id)
{
	struct vcpu *v = &g.vcpu[vcpu];
	uint64_t start = g.link->area.block[id].start, region = start >> REGION_SHIFT;

	if (__builtin_expect(region == v->region && !v->away, 1))
		return id;
	v->region = region;
	v->away = v->pc.there ? distance(v, start) : 0;
	return v->away ? elsewhere(v, id) : id;
}

uint64_t moved_region(uint32_t id)
{
	return g.link->area.block[id].start >> REGION_SHIFT;
}

/* QEMU has counted, or will count, that the block as translated began, and that it ended. */
void on_count_moved(unsigned vcpu, void *block)
{
	uint32_t id = (uint32_t)(uintptr_t)block, to = moved_block(vcpu, id);
	uint64_t *region = qemu_plugin_scoreboard_find(g.region, vcpu), *from_counts, *to_counts;

	*region = g.vcpu[vcpu].away ? UINT64_MAX : moved_region(id);
	if (to == id)
		return;
	from_counts = block_counts(vcpu, id);
	to_counts = block_counts(vcpu, to);
	for (int i = 0; i < COUNT_WORDS; i++) {
		from_counts[i]--;
		to_counts[i]++;
	}
}
