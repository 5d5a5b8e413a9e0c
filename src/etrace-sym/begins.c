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

enum { BYTES = 32 };	/* more than one function begins with fewer */

/* Writes what OB has at ADDR; false if that is no code. */
static bool put_code(struct object *ob, uint64_t addr, struct out *o)
{
	uint64_t start;
	size_t n;
	const uint8_t *code = elf_code(&ob->elf, addr, &start, &n);

	if (!code)
		return false;
	for (size_t i = addr - start; i < n && i < addr - start + BYTES; i++)
		out_printf(o, "%02x", code[i]);
	out_char(o, '\n');
	return true;
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
