/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the K records of a trace, and makes of them what is known of each block when it comes first.
 * in:  K<TAB>fw.elf<TAB>40201b10<TAB>12<TAB>main+16<TAB>work.c:30<TAB>call<TAB>40201b18<TAB>402019f4<TAB>-
 * out: the block at 40201b10 of fw.elf is main's and ends with a call, to 402019f4
 */
#include "code.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "intern.h"
#include "num.h"

#define CATCH "catch:"

struct ends {
	enum end end;
	bool conditional, has_at, direct;
	uint64_t at, to;
	uint32_t role;		/* in texts */
};

struct codes {
	struct blocks *blocks;
	bool machine;
	struct ends *ends;	/* of K records, by the number of the block; role NO_TEXT: there was none */
	size_t n_ends, cap_ends;
	struct intern *texts;
	struct intern *after_trap;	/* "in TAB addr", in binary */
	struct code *code;	/* by the number of the block */
	uint32_t n, cap;
	struct intern *funcs;	/* by object, entry and name, in binary */
	struct func *func;
	size_t cap_func;
	struct place {
		uint64_t lo, hi, linked;
		uint32_t in;
	} *place;		/* A records, the last one last */
	size_t n_place, cap_place;
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
	{ "@(vectors|asm_@(exc|sysvec|common)_*|@(irq|spurious)_entries_start|early_idt_handler_array|entry_SYSCALL_64|handle_exception|vector_*)", TRAIT_VECTOR },
	{ "tramp_@(vectors|exit_*)", TRAIT_GATE },
	{ "__restore?(_rt)", TRAIT_RESTORER },
	{ "__@(default_@(rt_)sa_restorer|kernel_rt_sigreturn)", TRAIT_RESTORER },
};

void codes_of_machine(struct codes *c, bool machine)
{
	c->machine = machine;
}

struct codes *codes_new(struct blocks *blocks)
{
	static const char *const pseudo[FUNC_PSEUDO] = { "[unknown]", "[signal]", "[exception]", "[interrupt]" };
	struct codes *c = must_calloc(1, sizeof *c);
	bool fresh;

	c->blocks = blocks;
	c->texts = intern_new();
	c->after_trap = intern_new();
	c->funcs = intern_new();
	for (uint32_t i = 0; i < FUNC_PSEUDO; i++) {
		intern_put(c->funcs, (char *)&i, sizeof i, &fresh);
		GROW(c->func, i, c->cap_func);
		c->func[i] = (struct func){ .entry = { 0, SPOT_GUEST }, .block = NO_CODE };
		c->func[i].name = intern_put(c->texts, pseudo[i], strlen(pseudo[i]), &fresh);
	}
	return c;
}

void codes_free(struct codes *c)
{
	if (!c)
		return;
	intern_free(c->texts);
	intern_free(c->after_trap);
	intern_free(c->funcs);
	free(c->ends);
	free(c->code);
	free(c->func);
	free(c->place);
	free(c);
}

bool codes_any(const struct codes *c)
{
	return c->n_ends;
}

bool codes_a(struct codes *c, const char *line, size_t len)
{
	struct record_a a;
	if (!record_read_a(line, len, &a))
		return false;
	GROW(c->place, c->n_place, c->cap_place);
	c->place[c->n_place++] = (struct place){ a.lo, a.hi, a.linked,
						 blocks_put_object(c->blocks, a.name) };
	return true;
}

/* ---- addresses ---- */

/* Where A records say that the guest's address S is; S if they do not, or it is an object's. */
static struct spot translate(const struct codes *c, struct spot s)
{
	if (s.in != SPOT_GUEST)
		return s;
	for (size_t i = c->n_place; i--;) {
		const struct place *p = &c->place[i];

		if (s.addr - p->lo < p->hi - p->lo)
			return (struct spot){ s.addr - p->lo + p->linked, p->in };
	}
	return s;
}

/* S if it is in the object IN, or SPOT_GUEST; else where that has it. */
static struct spot in_object(const struct codes *c, struct spot s, uint32_t in)
{
	return s.in == in ? s : translate(c, s);
}

bool codes_same(const struct codes *c, struct spot a, struct spot b)
{
	if (a.in != b.in) {
		a = translate(c, a);
		b = translate(c, b);
	}
	return a.addr == b.addr && a.in == b.in;
}

/* A spot as a key. */
struct spot_key {
	char s[sizeof(uint64_t) + sizeof(uint32_t)];
};

static struct spot_key spot_key(struct spot s)
{
	struct spot_key k;

	memcpy(k.s, &s.addr, sizeof s.addr);
	memcpy(k.s + sizeof s.addr, &s.in, sizeof s.in);
	return k;
}

bool codes_after_trap(const struct codes *c, struct spot s)
{
	struct spot_key k = spot_key(s);
	uint32_t id;

	return intern_find(c->after_trap, k.s, sizeof k.s, &id);
}

bool codes_catches(const struct codes *c, const struct code *x, uint64_t at)
{
	size_t len;
	const char *ranges = x->catch == NO_TEXT ? "" : intern_text(c->texts, x->catch, &len) + strlen(CATCH);

	while (*ranges) {
		size_t lo_len = strcspn(ranges, "-"), hi_len;
		uint64_t lo, hi;

		if (!ranges[lo_len])
			return false;
		hi_len = strcspn(ranges + lo_len + 1, ",");
		if (num_parse_hex(ranges, lo_len, &lo) && num_parse_hex(ranges + lo_len + 1, hi_len, &hi) && at - lo < hi - lo)
			return true;
		ranges += lo_len + 1 + hi_len;
		ranges += *ranges == ',';
	}
	return false;
}

/* ---- functions ---- */

static enum trait trait_of(const char *name)
{
	for (size_t i = 0; i < sizeof traits / sizeof *traits; i++)
		if (!fnmatch(traits[i].name, name, FNM_EXTMATCH))
			return traits[i].trait;
	return TRAIT_NONE;
}

/*
 * The number of the function that NAME of texts is, where OFF bytes into it a block begins at START, number ID.  Code that
 * has no name is one function an object; in none, each block may turn out to be one.
 */
static uint32_t func(struct codes *c, struct spot start, uint32_t name, uint64_t off, uint32_t id)
{
	char key[sizeof(struct spot_key) + sizeof(uint32_t)];
	struct spot entry = start;
	struct spot_key k;
	struct func *f;
	uint32_t n;
	bool fresh;

	entry.addr = name != NO_TEXT ? start.addr - off : start.in == SPOT_GUEST ? start.addr : 0;
	k = spot_key(entry);
	memcpy(key, k.s, sizeof k.s);
	memcpy(key + sizeof k.s, &name, sizeof name);
	n = intern_put(c->funcs, key, sizeof key, &fresh);
	if (!fresh)
		return n;
	GROW(c->func, n, c->cap_func);
	f = &c->func[n];
	*f = (struct func){ .entry = entry, .name = name, .block = id };
	if (name != NO_TEXT) {
		size_t len;

		f->trait = trait_of(intern_text(c->texts, name, &len));
		f->handler = f->trait == TRAIT_VECTOR || f->trait == TRAIT_GATE;
	}
	return n;
}

struct func *codes_func(struct codes *c, uint32_t f)
{
	return &c->func[f];
}

uint32_t codes_n_funcs(const struct codes *c)
{
	return intern_count(c->funcs);
}

bool codes_has_name(const struct codes *c, uint32_t f)
{
	return c->func[f].name != NO_TEXT;
}

struct field codes_func_name(const struct codes *c, uint32_t f)
{
	struct field x = { "-", 1 };

	if (c->func[f].name != NO_TEXT)
		x.s = intern_text(c->texts, c->func[f].name, &x.n);
	return x;
}

/* ---- blocks ---- */

/* Whether the compiler split NAME off the function that it is of. */
static bool is_split(struct field name)
{
	static const struct field cold = { ".cold", 5 };

	return name.n >= cold.n && !memcmp(name.s + name.n - cold.n, cold.s, cold.n);
}

/* Puts into X how it ends, by E, whose addresses are of IN. */
static void learn_end(struct codes *c, const struct ends *e, uint32_t in, struct code *x)
{
	size_t len;
	const char *role = intern_text(c->texts, e->role, &len);

	x->cut = false;
	x->end = (uint8_t)e->end;
	x->conditional = e->conditional;
	x->direct = e->direct;
	x->has_at = e->has_at;
	x->at = in_object(c, (struct spot){ e->at, in }, x->start.in).addr;
	x->to = in_object(c, (struct spot){ e->to, in }, x->start.in).addr;
	x->clear = !strcmp(role, "plt");
	x->entry = !strcmp(role, "entry");
	x->catch = strncmp(role, CATCH, strlen(CATCH)) ? NO_TEXT : e->role;
	if (x->end == END_TRAP) {
		struct spot_key key = spot_key(x->fall);
		bool fresh;

		intern_put(c->after_trap, key.s, sizeof key.s, &fresh);
	}
}

/*
 * Firmware, and user space of a machine, of no ELF file: it may be of another mode of the CPU, such as the 16 bits of x86, in
 * which its instructions are others than a K says.
 */
static bool is_opaque(const struct codes *c, struct spot s)
{
	return c->machine && s.in == SPOT_GUEST && !(s.addr >> 63);
}

static void learn(struct codes *c, uint32_t id, struct code *x)
{
	const struct block *b = blocks_get(c->blocks, id);
	uint32_t in = b->guest ? SPOT_GUEST : b->in, name = NO_TEXT, there = b->func != NO_TEXT ? b->func : b->there;
	struct spot start = { b->start, in };
	bool fresh;

	start = there != NO_TEXT ? translate(c, start) : start;
	*x = (struct code){ .next = { { .block = NO_CODE }, { .block = NO_CODE } }, .start = start,
			    .fall = { start.addr + b->size, start.in }, .catch = NO_TEXT, .cut = true };
	if (id < c->n_ends && c->ends[id].role != NO_TEXT && !is_opaque(c, x->start))
		learn_end(c, &c->ends[id], in, x);
	if (there != NO_TEXT) {
		struct field f;

		f.s = blocks_text(c->blocks, there, &f.n);
		name = intern_put(c->texts, f.s, f.n, &fresh);
		x->entry |= !b->off && !is_split(f);
	}
	x->func = func(c, x->start, name, b->off, id);
	x->clear |= c->func[x->func].trait == TRAIT_CLEAR;
}

void codes_k(struct codes *c, uint32_t id, const struct record_k *k)
{
	bool fresh;

	for (; id >= c->n_ends; c->n_ends++) {
		GROW(c->ends, c->n_ends, c->cap_ends);
		c->ends[c->n_ends] = (struct ends){ .role = NO_TEXT };
	}
	c->ends[id] = (struct ends){ .end = k->end, .conditional = k->conditional, .has_at = k->has_at, .direct = k->direct,
				     .at = k->at, .to = k->to,
				     .role = intern_put(c->texts, k->role.s, k->role.n, &fresh) };
	if (id < c->n) {
		learn(c, id, &c->code[id]);
		c->code[id].patched = true;
	}
}

struct code *codes_get(struct codes *c, uint32_t id)
{
	if (id >= c->n) {
		uint32_t n = (uint32_t)blocks_n(c->blocks);

		if (n > c->cap) {
			c->cap = 2 * n;
			c->code = must_realloc(c->code, c->cap, sizeof *c->code);
		}
		for (; c->n < n; c->n++)
			learn(c, c->n, &c->code[c->n]);
	}
	return &c->code[id];
}

struct code *codes_all(struct codes *c, uint32_t *n)
{
	*n = c->n;
	return c->code;
}
