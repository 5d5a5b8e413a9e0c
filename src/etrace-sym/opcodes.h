/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Machine code read one instruction at a time, by binutils' libopcodes.
 */
#ifndef ETRACE_SYM_OPCODES_H
#define ETRACE_SYM_OPCODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf.h"

struct opcodes;

struct insn {
	size_t len;			/* bytes; 0 if no instruction begins there, or it is cut short */
	const char *text;		/* as libopcodes writes it; valid until the next one */
	size_t text_len;
	bool has_address;		/* an operand is an address: */
	uint64_t address;		/* the last one that is */
	/* Whether libopcodes says that it branches on a condition, to ADDRESS; it does for some machines. */
	bool conditional;
	unsigned delay;			/* instructions after it that are executed before it takes effect */
};

/*
 * For MACHINE, as libbfd names it (aarch64, arm, thumb, i386:x86-64, powerpc:common, riscv:rv64 ...), or,
 * if that is NULL, for the machine of ELF.  ELF, if not NULL, also says the byte order.  OPTION is that
 * of the command line, for the message before NULL.
 */
struct opcodes *opcodes_new(const char *machine, const struct elf *elf, const char *option);
void opcodes_free(struct opcodes *o);

/* The byte order, for where there is no ELF. */
void opcodes_big_endian(struct opcodes *o, bool big);

/* How an address among the operands is written: PUT writes it at TEXT, with a NUL, in SIZE bytes. */
void opcodes_addresses(struct opcodes *o, void (*put)(void *arg, uint64_t addr, char *text, size_t size), void *arg);

/* What is read from now on: N bytes of CODE, which stays the caller's, that are at ADDR. */
void opcodes_code(struct opcodes *o, const uint8_t *code, size_t n, uint64_t addr);

/* Reads the instruction at ADDR, inside of the code that was given; THUMB: it is Thumb. */
struct insn opcodes_read(struct opcodes *o, uint64_t addr, bool thumb);

/* Writes the text of X with one blank between words at TO, with a NUL, cut to SIZE bytes; returns its length. */
size_t insn_words(char *to, size_t size, const struct insn *x);

#endif
