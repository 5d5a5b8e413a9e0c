/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads instructions by libopcodes.
 * in:  13 ff ff 54, at 40201a5c
 * out: 4 bytes, "b.lt\t40201a3c", with the address 40201a3c
 */
#include "opcodes.h"

#include <bfd.h>
#include <dis-asm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

struct opcodes {
	struct disassemble_info info;
	disassembler_ftype print;
	bool always_thumb;
	void (*put_address)(void *arg, uint64_t addr, char *text, size_t size);
	void *arg;
	struct insn insn;		/* under way, as is its text */
	char text[512];
	size_t n;
};

static int add(struct opcodes *o, const char *fmt, va_list ap)
{
	size_t room = sizeof o->text - o->n;
	int n = vsnprintf(o->text + o->n, room, fmt, ap);

	if (n > 0)
		o->n += (size_t)n < room ? (size_t)n : room - 1;
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

static void add_address(bfd_vma addr, struct disassemble_info *info)
{
	struct opcodes *o = info->application_data;
	char text[300];

	o->insn.has_address = true;
	o->insn.address = addr;
	if (!o->put_address)
		return;
	o->put_address(o->arg, addr, text, sizeof text);
	add_plain(o, "%s", text);
}

static void no_memory_error(int status, bfd_vma addr, struct disassemble_info *info)
{
	/* The instruction reaches past the end of the code: opcodes_read() says so. */
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

struct opcodes *opcodes_new(const char *machine, const struct elf *elf, const char *option)
{
	const bfd_arch_info_type *arch;
	struct opcodes *o;
	bool big = elf && elf->big_endian;

	bfd_init();
	arch = arch_of(machine, elf);
	o = must_calloc(1, sizeof *o);
	if (arch)
		o->print = disassembler(arch->arch, big, arch->mach, NULL);
	if (!o->print) {
		warn("%s: no disassembler for %s; -m names a machine as 'objdump -i' does, and Debian's "
		     "binutils-multiarch-dev knows them all", option, machine ? machine : elf ? elf->path : "it");
		free(o);
		return NULL;
	}
	o->always_thumb = machine && !strcmp(machine, "thumb");
	init_disassemble_info(&o->info, o, add_plain, add_styled);
	o->info.arch = arch->arch;
	o->info.mach = arch->mach;
	o->info.endian = o->info.endian_code = big ? BFD_ENDIAN_BIG : BFD_ENDIAN_LITTLE;
	o->info.application_data = o;
	o->info.print_address_func = add_address;
	o->info.memory_error_func = no_memory_error;
	disassemble_init_for_target(&o->info);
	return o;
}

void opcodes_free(struct opcodes *o)
{
	if (!o)
		return;
	disassemble_free_target(&o->info);
	free(o);
}

void opcodes_big_endian(struct opcodes *o, bool big)
{
	o->info.endian = o->info.endian_code = big ? BFD_ENDIAN_BIG : BFD_ENDIAN_LITTLE;
	o->print = disassembler(o->info.arch, big, o->info.mach, NULL);
}

void opcodes_addresses(struct opcodes *o, void (*put)(void *arg, uint64_t addr, char *text, size_t size), void *arg)
{
	o->put_address = put;
	o->arg = arg;
}

void opcodes_code(struct opcodes *o, const uint8_t *code, size_t n, uint64_t addr)
{
	o->info.buffer = (bfd_byte *)code;
	o->info.buffer_vma = addr;
	o->info.buffer_length = n;
	o->info.stop_vma = addr + n;
}

struct insn opcodes_read(struct opcodes *o, uint64_t addr, bool thumb)
{
	struct disassemble_info *i = &o->info;
	int len;

	/* libopcodes keeps this in a variable of its own, so it must be said each time, both ways. */
	if (i->arch == bfd_arch_arm)
		i->disassembler_options = thumb || o->always_thumb ? "force-thumb" : "no-force-thumb";
	o->insn = (struct insn){ .len = 0 };
	o->n = 0;
	o->text[0] = 0;
	i->insn_info_valid = 0;
	i->insn_type = dis_noninsn;
	i->branch_delay_insns = 0;
	len = o->print(addr, i);
	if (len > 0 && (uint64_t)len <= i->buffer_vma + i->buffer_length - addr)
		o->insn.len = (size_t)len;
	o->insn.text = o->text;
	o->insn.text_len = o->n;
	if (i->insn_info_valid) {
		o->insn.conditional = i->insn_type == dis_condbranch || i->insn_type == dis_condjsr;
		o->insn.delay = (unsigned char)i->branch_delay_insns;
	}
	return o->insn;
}

size_t insn_words(char *to, size_t size, const struct insn *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->text_len && n < size - 1; i++) {
		bool blank = x->text[i] == ' ' || x->text[i] == '\t';

		if (!blank || (n && to[n - 1] != ' '))
			to[n++] = blank ? ' ' : x->text[i];
	}
	if (n && to[n - 1] == ' ')
		n--;
	to[n] = 0;
	return n;
}
