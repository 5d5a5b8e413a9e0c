/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disassembles T records.
 * in:  T<TAB>0<TAB>:8f21c0a4<TAB>40200800<TAB>40200800<TAB>a00038d5<TAB>-
 * out: D<TAB>0<TAB>40200800<TAB>a00038d5<TAB>mrs x0, mpidr_el1
 */
#include "disas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "opcodes.h"
#include "record.h"

struct disas {
	struct opcodes *op;
	bool elf_said_endian;
	struct annotator *a;
};

/* An address among the operands: with its symbol, as objdump has it. */
static void put_address(void *annotator, uint64_t addr, char *text, size_t size)
{
	char place[256];

	annotate_place(annotator, (struct guest){ addr }, place, sizeof place);
	snprintf(text, size, strcmp(place, "-") ? "%llx <%s>" : "%llx", (unsigned long long)addr, place);
}

struct disas *disas_new(const char *machine, const struct elf *elf, struct annotator *a)
{
	struct opcodes *op = opcodes_new(machine, elf, "-d");
	struct disas *d;

	if (!op)
		return NULL;
	d = must_calloc(1, sizeof *d);
	d->op = op;
	d->a = a;
	d->elf_said_endian = elf;
	opcodes_addresses(op, put_address, a);
	return d;
}

void disas_free(struct disas *d)
{
	if (!d)
		return;
	opcodes_free(d->op);
	free(d);
}

void disas_big_endian(struct disas *d, bool big)
{
	if (!d->elf_said_endian)
		opcodes_big_endian(d->op, big);
}

static void put_d(struct field cpu, struct guest at, const uint8_t *code, size_t n, const struct insn *x,
		  struct out *o)
{
	char text[512];

	out_str(o, "D\t");
	out_mem(o, cpu.s, cpu.n);
	out_char(o, '\t');
	out_hex(o, at.addr);
	out_char(o, '\t');
	for (size_t i = 0; i < n; i++)
		out_printf(o, "%02x", code[i]);
	out_char(o, '\t');
	if (x->len)
		out_field(o, text, insn_words(text, sizeof text, x));
	else
		out_str(o, "(cut short)");
	out_char(o, '\n');
}

void disas_t(struct disas *d, const struct tb *tb, struct out *o)
{
	opcodes_code(d->op, tb->code, tb->n, tb->addr.addr);
	for (size_t at = 0, step; at < tb->n; at += step) {
		struct guest pc = { tb->addr.addr + at };
		struct insn x = opcodes_read(d->op, pc.addr, annotate_is_thumb(d->a, pc));

		step = x.len ? x.len : tb->n - at;
		put_d(tb->cpu, pc, tb->code + at, step, &x, o);
	}
}
