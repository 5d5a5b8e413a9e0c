/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disassembles T records.
 * in:  T<TAB>0<TAB>40200800<TAB>40200800<TAB>a00038d5<TAB>-
 * out: D<TAB>0<TAB>40200800<TAB>a00038d5<TAB>mrs x0, mpidr_el1
 */
#include "disas.h"

#include <bfd.h>
#include <dis-asm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "num.h"
#include "rec.h"

struct disas {
	struct disassemble_info info;
	disassembler_ftype print;
	bool elf_said_endian, always_thumb;
	struct annotator *a;
	char text[512];		/* of the instruction under way */
	size_t n;
	bfd_byte *code;
	size_t cap;
};

static int add(struct disas *d, const char *fmt, va_list ap)
{
	size_t room = sizeof d->text - d->n;
	int n = vsnprintf(d->text + d->n, room, fmt, ap);

	if (n > 0)
		d->n += (size_t)n < room ? (size_t)n : room - 1;
	return n;
}

static int add_plain(void *stream, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = add(stream, fmt, ap);
	va_end(ap);
	return n;
}

static int add_styled(void *stream, enum disassembler_style style, const char *fmt, ...)
{
	va_list ap;
	int n;

	(void)style;
	va_start(ap, fmt);
	n = add(stream, fmt, ap);
	va_end(ap);
	return n;
}

/* An address among the operands: with its symbol, as objdump has it. */
static void add_address(bfd_vma addr, struct disassemble_info *info)
{
	struct disas *d = info->application_data;
	char place[256];

	annotate_place(d->a, addr, place, sizeof place);
	add_plain(d, strcmp(place, "-") ? "%llx <%s>" : "%llx", (unsigned long long)addr, place);
}

static void no_memory_error(int status, bfd_vma addr, struct disassemble_info *info)
{
	/* The instruction reaches past the end of the block: its bytes are shown as they are. */
	(void)status;
	(void)addr;
	(void)info;
}

static const bfd_arch_info_type *arch_of(const char *machine, const struct elf *elf)
{
	const bfd_arch_info_type *arch = NULL;
	bfd *b;

	if (machine)
		return bfd_scan_arch(strcmp(machine, "thumb") ? machine : "arm");
	b = elf ? bfd_openr(elf->path, NULL) : NULL;
	if (b && bfd_check_format(b, bfd_object) && bfd_get_arch(b) != bfd_arch_unknown)
		arch = bfd_get_arch_info(b);
	if (b)
		bfd_close(b);
	return arch;
}

struct disas *disas_new(const char *machine, const struct elf *elf, struct annotator *a)
{
	const bfd_arch_info_type *arch;
	struct disas *d;
	bool big = elf && elf->big_endian;

	bfd_init();
	arch = arch_of(machine, elf);
	d = must_calloc(1, sizeof *d);
	if (arch)
		d->print = disassembler(arch->arch, big, arch->mach, NULL);
	if (!d->print) {
		warn("-d: no disassembler for %s; -m names a machine as 'objdump -i' does, and Debian's "
		     "binutils-multiarch-dev knows them all", machine ? machine : elf ? elf->path : "it");
		free(d);
		return NULL;
	}
	d->a = a;
	d->elf_said_endian = elf;
	d->always_thumb = machine && !strcmp(machine, "thumb");
	init_disassemble_info(&d->info, d, add_plain, add_styled);
	d->info.arch = arch->arch;
	d->info.mach = arch->mach;
	d->info.endian = d->info.endian_code = big ? BFD_ENDIAN_BIG : BFD_ENDIAN_LITTLE;
	d->info.application_data = d;
	d->info.print_address_func = add_address;
	d->info.memory_error_func = no_memory_error;
	disassemble_init_for_target(&d->info);
	return d;
}

void disas_free(struct disas *d)
{
	if (!d)
		return;
	disassemble_free_target(&d->info);
	free(d->code);
	free(d);
}

void disas_big_endian(struct disas *d, bool big)
{
	if (d->elf_said_endian)
		return;
	d->info.endian = d->info.endian_code = big ? BFD_ENDIAN_BIG : BFD_ENDIAN_LITTLE;
	d->print = disassembler(d->info.arch, big, d->info.mach, NULL);
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
		d->code[i] = (bfd_byte)(hi << 4 | lo);
	}
	return (long)n;
}

/* One instruction at byte AT: its text is in d->text; returns its length. */
static size_t one(struct disas *d, uint64_t addr, size_t at, size_t n)
{
	struct disassemble_info *i = &d->info;
	int len;

	d->n = 0;
	d->text[0] = 0;
	i->buffer = d->code;
	i->buffer_vma = addr;
	i->buffer_length = n;
	i->stop_vma = addr + n;
	/* libopcodes keeps this in a variable of its own, so it must be said each time, both ways. */
	if (i->arch == bfd_arch_arm)
		i->disassembler_options = d->always_thumb || annotate_is_thumb(d->a, addr + at) ? "force-thumb"
												: "no-force-thumb";
	len = d->print(addr + at, i);
	if (len > 0 && (size_t)len <= n - at)
		return (size_t)len;
	strcpy(d->text, "(cut short)");
	d->n = strlen(d->text);
	return n - at;
}

/* libopcodes aligns operands with spaces or a TAB: a field has one space. */
static size_t squeeze(char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		bool blank = s[i] == ' ' || s[i] == '\t';

		if (!blank || (len && s[len - 1] != ' '))
			s[len++] = blank ? ' ' : s[i];
	}
	return len && s[len - 1] == ' ' ? len - 1 : len;
}

static void put_d(struct disas *d, struct field cpu, uint64_t addr, const bfd_byte *code, size_t n, struct out *o)
{
	out_str(o, "D\t");
	out_mem(o, cpu.s, cpu.n);
	out_char(o, '\t');
	out_hex(o, addr);
	out_char(o, '\t');
	for (size_t i = 0; i < n; i++)
		out_printf(o, "%02x", code[i]);
	out_char(o, '\t');
	out_field(o, d->text, squeeze(d->text, d->n));
	out_char(o, '\n');
}

bool disas_t(struct disas *d, const char *line, size_t len, struct out *o)
{
	struct field f[6];
	uint64_t addr;
	long n;

	if (rec_split(line, len, f, 6) != 6 || !num_parse_hex(f[2].s, f[2].n, &addr) || (n = code_bytes(d, f[4])) < 0)
		return false;
	for (size_t at = 0, step; at < (size_t)n; at += step) {
		step = one(d, addr, at, (size_t)n);
		put_d(d, f[1], addr + at, d->code + at, step, o);
	}
	return true;
}
