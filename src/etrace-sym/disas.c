/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disassembles T records.
 * in:  T<TAB>0<TAB>40200800<TAB>40200800<TAB>a00038d5<TAB>-
 * out: D<TAB>0<TAB>40200800<TAB>a00038d5<TAB>mrs x0, mpidr_el1
 */
#include "disas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "num.h"
#include "opcodes.h"
#include "rec.h"

struct disas {
	struct opcodes *op;
	bool elf_said_endian;
	struct annotator *a;
	uint8_t *code;
	size_t cap;
};

/* An address among the operands: with its symbol, as objdump has it. */
static void put_address(void *annotator, uint64_t addr, char *text, size_t size)
{
	char place[256];

	annotate_place(annotator, addr, place, sizeof place);
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
	free(d->code);
	free(d);
}

void disas_big_endian(struct disas *d, bool big)
{
	if (!d->elf_said_endian)
		opcodes_big_endian(d->op, big);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes of a T record's code, into d->code; how many, or -1 if it is no hex. */
static long code_bytes(struct disas *d, struct field f)
{
	size_t n = f.n / 2;

	if (field_is(f, "-"))
		return 0;
	if (f.n % 2)
		return -1;
	if (n > d->cap) {
		d->cap = n * 2;
		d->code = must_realloc(d->code, d->cap, 1);
	}
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(f.s[2 * i]), lo = hex_digit(f.s[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return -1;
		d->code[i] = (uint8_t)(hi << 4 | lo);
	}
	return (long)n;
}

/* libopcodes aligns operands with spaces or a TAB: a field has one space.  TO has room for N bytes. */
static size_t squeeze(char *to, const char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		bool blank = s[i] == ' ' || s[i] == '\t';

		if (!blank || (len && to[len - 1] != ' '))
			to[len++] = blank ? ' ' : s[i];
	}
	return len && to[len - 1] == ' ' ? len - 1 : len;
}

static void put_d(struct field cpu, uint64_t addr, const uint8_t *code, size_t n, const struct insn *x, struct out *o)
{
	char text[512];

	out_str(o, "D\t");
	out_mem(o, cpu.s, cpu.n);
	out_char(o, '\t');
	out_hex(o, addr);
	out_char(o, '\t');
	for (size_t i = 0; i < n; i++)
		out_printf(o, "%02x", code[i]);
	out_char(o, '\t');
	if (x->len)
		out_field(o, text, squeeze(text, x->text, x->text_len));
	else
		out_str(o, "(cut short)");
	out_char(o, '\n');
}

bool disas_t(struct disas *d, const char *line, size_t len, struct out *o)
{
	struct field f[6];
	uint64_t addr;
	long n;

	if (rec_split(line, len, f, 6) != 6 || !num_parse_hex(f[2].s, f[2].n, &addr) || (n = code_bytes(d, f[4])) < 0)
		return false;
	opcodes_code(d->op, d->code, (size_t)n, addr);
	for (size_t at = 0, step; at < (size_t)n; at += step) {
		struct insn x = opcodes_read(d->op, addr + at, annotate_is_thumb(d->a, addr + at));

		step = x.len ? x.len : (size_t)n - at;
		put_d(f[1], addr + at, d->code + at, step, &x, o);
	}
	return true;
}
