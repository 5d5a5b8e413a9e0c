/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks up functions by name, and writes how they begin.
 * in:  cpu_switch_to,__switch_to_asm; vmlinux, which has the first one
 * out: 5f2403d52b423bd5df4f03d50a7881d208000a8be9030091135181a8155981a8
 */
#include "begins.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "die.h"

enum { BYTES = 32 };	/* of a function that has so many: with fewer, more than one may begin */

/* Writes how the function of OB at ADDR begins; false if that is none. */
static bool put_code(struct object *ob, uint64_t addr, struct out *o)
{
	const struct symbol *sym;
	const uint8_t *code;
	uint64_t start;
	uint32_t i;
	size_t n;

	object_ready(ob);
	i = symtab_find(&ob->sym, addr);
	if (i == SYM_NONE)
		return false;
	sym = &ob->sym.sym[i];
	code = elf_code(&ob->elf, sym->addr, &start, &n);
	for (uint64_t at = sym->addr; code && at < sym->end && at - sym->addr < BYTES && at - start < n; at++)
		out_printf(o, "%02x", code[at - start]);
	out_char(o, '\n');
	return code;
}

static bool put_function(const struct objects *obs, const char *name, struct out *o)
{
	uint64_t addr;

	for (size_t i = 0; i < obs->n; i++)
		if (code_symbol(&obs->of[i].elf, name, &addr) && put_code(&obs->of[i], addr, o))
			return true;
	return false;
}

bool begins_put(const struct objects *obs, const char *names, struct out *o)
{
	char *copy = must_strdup(names), *rest = copy, *name;
	bool found = false;

	while (!found && (name = strsep(&rest, ",")))
		found = put_function(obs, name, o);
	free(copy);
	if (!found)
		warn("-c: no file has a function %s", names);
	return found;
}
