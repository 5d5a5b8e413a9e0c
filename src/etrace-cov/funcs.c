/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps functions, each once.
 * in:  main, 16 bytes after its beginning a block at 40201b10 of fw.elf
 * out: main, which begins at 40201b00 of fw.elf
 */
#include "funcs.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"

struct funcs {
	struct intern *names;
	struct intern *keys;	/* by object, entry and name, in binary */
	struct func *func;
	size_t cap;
};

static const struct {
	const char *name;	/* a pattern of fnmatch(3), with FNM_EXTMATCH */
	enum trait trait;
} traits[] = {
	{ "__x86_@(return|indirect)_thunk*", TRAIT_CLEAR },
	{ "@(retbleed|srso|its)_*thunk*", TRAIT_CLEAR },
	{ "?(_)?(_)?(sig)setjmp", TRAIT_SETJMP },
	{ "?(__)getcontext", TRAIT_SETJMP },
	{ "?(__)@(swap|set)context", TRAIT_SWITCH },
	{ "@(cpu_switch_to|__switch_to_asm|__switch_to|_switch)", TRAIT_SWITCH },
	{ "@(vectors|vector_*|handle_exception)", TRAIT_VECTOR },
	{ "@(asm_@(exc|sysvec|common)_*|entry_SYSCALL_64)", TRAIT_VECTOR },
	{ "@(@(irq|spurious)_entries_start|early_idt_handler_array)", TRAIT_VECTOR },
	{ "tramp_@(vectors|exit_*)", TRAIT_GATE },
	{ "__restore?(_rt)", TRAIT_RESTORER },
	{ "__@(default_@(rt_)sa_restorer|kernel_rt_sigreturn)", TRAIT_RESTORER },
};

struct funcs *funcs_new(void)
{
	static const char *const pseudo[FUNC_PSEUDO] = { "[unknown]", "[signal]", "[exception]", "[interrupt]" };
	struct funcs *f = must_calloc(1, sizeof *f);
	bool fresh;

	f->names = intern_new();
	f->keys = intern_new();
	for (uint32_t i = 0; i < FUNC_PSEUDO; i++) {
		intern_put(f->keys, (char *)&i, sizeof i, &fresh);
		GROW(f->func, i, f->cap);
		f->func[i] = (struct func){ .entry = { 0, SPOT_GUEST }, .block = UINT32_MAX };
		f->func[i].name = intern_put(f->names, pseudo[i], strlen(pseudo[i]), &fresh);
	}
	return f;
}

void funcs_free(struct funcs *f)
{
	intern_free(f->names);
	intern_free(f->keys);
	free(f->func);
	free(f);
}

static enum trait trait_of(const char *name)
{
	for (size_t i = 0; i < sizeof traits / sizeof *traits; i++)
		if (!fnmatch(traits[i].name, name, FNM_EXTMATCH))
			return traits[i].trait;
	return TRAIT_NONE;
}

uint32_t funcs_put(struct funcs *f, struct spot start, struct field name, uint64_t off, uint32_t block)
{
	char key[sizeof(struct spot_key) + sizeof(uint32_t)];
	struct spot entry = start;
	struct spot_key k;
	struct func *x;
	uint32_t n, text = NO_TEXT;
	bool fresh;

	if (name.n)
		text = intern_put(f->names, name.s, name.n, &fresh);
	entry.addr = name.n ? start.addr - off : start.in == SPOT_GUEST ? start.addr : 0;
	k = spot_key(entry);
	memcpy(key, k.s, sizeof k.s);
	memcpy(key + sizeof k.s, &text, sizeof text);
	n = intern_put(f->keys, key, sizeof key, &fresh);
	if (!fresh)
		return n;
	GROW(f->func, n, f->cap);
	x = &f->func[n];
	*x = (struct func){ .entry = entry, .name = text, .block = block };
	if (name.n) {
		size_t len;

		x->trait = trait_of(intern_text(f->names, text, &len));
		x->handler = x->trait == TRAIT_VECTOR || x->trait == TRAIT_GATE;
	}
	return n;
}

struct func *funcs_get(const struct funcs *f, uint32_t func)
{
	return &f->func[func];
}

bool funcs_has_name(const struct funcs *f, uint32_t func)
{
	return f->func[func].name != NO_TEXT;
}

struct field funcs_name(const struct funcs *f, uint32_t func)
{
	struct field x = { "-", 1 };

	if (funcs_has_name(f, func))
		x.s = intern_text(f->names, f->func[func].name, &x.n);
	return x;
}
