/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disassembles the code of T records, by binutils' libopcodes.
 */
#ifndef ETRACE_SYM_DISAS_H
#define ETRACE_SYM_DISAS_H

#include <stdbool.h>
#include <stddef.h>

#include "annotate.h"
#include "out.h"
#include "tb.h"

struct disas;

/*
 * A disassembler for MACHINE, as libbfd names it (aarch64, arm, thumb, i386:x86-64, powerpc:common,
 * riscv:rv64 ...), or, if that is NULL, for the machine of ELF.  ELF, if not NULL, also says the
 * byte order.  NULL after a message.  A stays the caller's.
 */
struct disas *disas_new(const char *machine, const struct elf *elf, struct annotator *a);
void disas_free(struct disas *d);

/* What an "I guest-endian" record said; believed only without an ELF. */
void disas_big_endian(struct disas *d, bool big);

/* Writes a D record for each instruction in the block TB. */
void disas_t(struct disas *d, const struct tb *tb, struct out *o);

#endif
