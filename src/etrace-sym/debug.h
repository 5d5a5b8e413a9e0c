/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The symbols and the DWARF of an ELF file, in the file itself or in a separate one, by libdwfl.  They are opened when
 * they are needed: of many files the guest may have run few.
 */
#ifndef ETRACE_SYM_DEBUG_H
#define ETRACE_SYM_DEBUG_H

#include "elf.h"

/* Whether E has DWARF itself. */
bool debug_is_in(const struct elf *e);

/*
 * Finds the file that has the DWARF of E, once: sets e->dwarf_path and e->dwarf_stamp, or, if E is whole and there is
 * none, e->no_dwarf.
 *
 * A separate file is e->debug_given, or is named by .gnu_debuglink or build-id, and is beside E, in .debug there, under
 * /usr/lib/debug or under the directory that elf_open() was told.
 */
void debug_find(struct elf *e);

/*
 * Opens both, once: sets e->mod, for the symbols, and e->dwarf; either is NULL where it cannot be read, which is
 * noted (elf_complain()).
 */
void debug_open(struct elf *e);

/* Takes back what debug_open() did.  What was read of E is no longer valid. */
void debug_rest(struct elf *e);

/* For elf_close(). */
void debug_close(struct elf *e);

#endif
