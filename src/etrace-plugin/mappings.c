/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which file the guest's code is of, in user mode.
 * in:  a block at 7f2a00026100, which QEMU reads at the host's 7f2b00026100, is translated
 * out: [7f2a00026000, 7f2a0017b000) is libc.so.6 from 26000 on, before that block
 *
 * Memory from which a block is translated is executable, and the guest's.  It is told as this process has it mapped
 * then.  Reading that takes longer than translating a block, so it is read again only where a block comes from a
 * place where nothing was, or one where a system call may have put something else since.  Whatever the guest, those
 * that map return an address, which is not above what they mapped; and QEMU translates code anew where it was unmapped.
 */
#include "state.h"

#include <stdlib.h>
#include <string.h>

#include "buildid.h"
#include "procmaps.h"
#include "say.h"
#include "search.h"

/* A file, or memory of none; its texts are in the area. */
struct file {
	uint64_t device, inode;
	uint32_t path, build_id;
};

/* What was told and is still so: the guest's [lo, hi). */
struct told {
	uint64_t lo, hi, offset;
	size_t file;
};

struct mappings {
	bool base_known;
	uint64_t base;			/* the host's address of the guest's 0 */
	struct procmaps now;		/* as last read; addresses are the host's */
	struct told *told;		/* by address */
	size_t n, cap;
	struct file *file;
	size_t n_files;
};

static const char *text(uint32_t at)
{
	return g.link->area.texts + at;
}

/* Keeps S in the area; where, or TEXTS_SIZE if there is no room. */
static uint32_t put_text(const char *s)
{
	struct shared *sh = g.link->area.s;
	size_t n = strlen(s) + 1;
	uint32_t at = sh->texts_used;

	if (n > TEXTS_SIZE - at)
		return TEXTS_SIZE;
	memcpy(g.link->area.texts + at, s, n);
	sh->texts_used = at + (uint32_t)n;
	return at;
}

static bool is_file(const struct file *f, const struct region *r)
{
	return f->inode == r->inode && f->device == r->device && !strcmp(text(f->path), r->path);
}

/* The number of the file that R is of; m->n_files if there is no memory for it. */
static size_t file_of(struct mappings *m, const struct region *r)
{
	char id[2 * BUILD_ID_MAX + 1] = "";
	struct file *f;
	size_t i;

	for (i = 0; i < m->n_files; i++)
		if (is_file(&m->file[i], r))
			return i;
	f = realloc(m->file, (m->n_files + 1) * sizeof *f);
	if (!f)
		return m->n_files;
	m->file = f;
	if (r->inode)
		build_id(r->path, id);
	f[i] = (struct file){ r->device, r->inode, put_text(r->path), put_text(id) };
	m->n_files += f[i].path < TEXTS_SIZE && f[i].build_id < TEXTS_SIZE;
	return i;
}

/* Tells the writer, before the next new block, that [LO, HI) is F from OFFSET on; NULL: nothing. */
static void tell(const struct file *f, uint64_t lo, uint64_t hi, uint64_t offset)
{
	const struct area *a = &g.link->area;
	uint32_t n = a->s->n_mappings;

	if (n == MAX_MAPPINGS)
		return;
	a->mapping[n] = (struct mapping){
		.lo = lo, .hi = hi, .offset = offset, .before = a->s->n_blocks,
		.path = f ? f->path : NOTHING, .build_id = f ? f->build_id : NOTHING,
	};
	a->s->n_mappings = n + 1;
	if (n + 1 == MAX_MAPPINGS)
		say("code was mapped and unmapped more than %d times; what is mapped from here on is not told",
		    MAX_MAPPINGS);
}

static bool is_told(const struct mappings *m, const struct told *t, const struct region *r)
{
	return is_file(&m->file[t->file], r) && (!r->inode || r->lo - m->base - r->offset == t->lo - t->offset);
}

static bool put_told(struct mappings *m, size_t i, struct told t)
{
	if (m->n == m->cap) {
		size_t cap = m->cap + 64;
		struct told *told = realloc(m->told, cap * sizeof *told);

		if (!told)
			return false;
		m->told = told;
		m->cap = cap;
	}
	memmove(m->told + i + 1, m->told + i, (m->n - i) * sizeof t);
	m->told[i] = t;
	m->n++;
	return true;
}

/* Tells what is gone of number I, and leaves what is still so; returns the number of the next one. */
static size_t check(struct mappings *m, size_t i)
{
	const struct told t = m->told[i];
	uint64_t next;

	memmove(m->told + i, m->told + i + 1, (--m->n - i) * sizeof t);
	for (uint64_t at = t.lo; at < t.hi; at = next) {
		const struct region *r = procmaps_from(&m->now, at + m->base);
		uint64_t lo = r ? r->lo - m->base : t.hi, hi = r ? r->hi - m->base : t.hi;

		next = lo > at ? lo : hi;
		next = next < t.hi ? next : t.hi;
		if (lo > at || !is_told(m, &t, r))
			tell(NULL, at, next, 0);
		else if (put_told(m, i, (struct told){ at, next, t.offset + (at - t.lo), t.file }))
			i++;
	}
	return i;
}

/* Reads anew what is mapped. */
static void look(struct mappings *m)
{
	g.mapped = UINT64_MAX;
	if (!procmaps_read(&m->now))
		return;
	for (size_t i = 0; i < m->n;)
		i = check(m, i);
}

/* The first that ends above ADDR. */
static size_t told_from(const struct mappings *m, uint64_t addr)
{
	size_t i;

	SEARCH(i, m->n, m->told[i].hi <= addr);
	return i;
}

static const struct region *region_at(const struct mappings *m, uint64_t addr)
{
	const struct region *r = procmaps_from(&m->now, addr + m->base);

	return r && r->lo <= addr + m->base ? r : NULL;
}

/* Tells R, which parts of may have been told before: memory of no file grows. */
static void tell_region(struct mappings *m, const struct region *r)
{
	struct told t = { r->lo - m->base, r->hi - m->base, r->offset, file_of(m, r) };
	size_t i = told_from(m, t.lo), end = i;

	if (t.file == m->n_files)
		return;
	while (end < m->n && m->told[end].lo < t.hi)
		end++;
	memmove(m->told + i, m->told + end, (m->n - end) * sizeof t);
	m->n -= end - i;
	if (put_told(m, i, t))
		tell(&m->file[t.file], t.lo, t.hi, t.offset);
}

void mappings_block(const struct qemu_plugin_tb *tb, uint64_t start)
{
	struct mappings *m = g.mappings;
	const struct region *r;
	const void *host;
	size_t i;

	if (!m)
		return;
	if (!m->base_known && (host = qemu_plugin_insn_haddr(qemu_plugin_tb_get_insn(tb, 0)))) {
		m->base = (uintptr_t)host - start;
		m->base_known = true;
	}
	if (g.mapped <= start)
		look(m);
	i = told_from(m, start);
	if (!m->base_known || (i < m->n && m->told[i].lo <= start))
		return;
	r = region_at(m, start);
	if (!r) {
		look(m);
		r = region_at(m, start);
	}
	if (r)
		tell_region(m, r);
}

/* A system call returned RET: where it mapped something, unless that is an error, or a small number. */
static void returned(int64_t ret)
{
	enum { LOWEST = 65536, PAGE = 4096, ERRORS = 4096 };
	const uint64_t top = g.guest->bits == 32 ? UINT32_MAX : UINT64_MAX, at = (uint64_t)ret & top;
	uint64_t mapped = g.mapped;

	if (at < LOWEST || at > top - ERRORS || at % PAGE)
		return;
	while (at < mapped && !atomic_compare_exchange_weak(&g.mapped, &mapped, at))
		;
}

static void on_syscall(qemu_plugin_id_t id, unsigned vcpu, int64_t number, int64_t ret)
{
	(void)id;
	(void)vcpu;
	(void)number;
	returned(ret);
}

static void on_syscall_7(unsigned vcpu, int64_t number, int64_t ret, void *unused)
{
	(void)vcpu;
	(void)number;
	(void)unused;
	returned(ret);
}

void mappings_start(qemu_plugin_id_t id)
{
	if (g.info.system_emulation || !qemu_plugin_insn_haddr || !qemu_plugin_register_vcpu_syscall_ret_cb)
		return;
	g.mappings = calloc(1, sizeof *g.mappings);
	g.mapped = UINT64_MAX;
	if (g.mappings)
		qemu_plugin_register_vcpu_syscall_ret_cb(id, API_CB(on_syscall, on_syscall_7), NULL);
}
