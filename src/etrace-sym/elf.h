/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ELF file and its DWARF, in a separate debug file or not, by libdwfl.
 *
 * Addresses here are those of the guest: the ELF's own plus the bias it was loaded with.
 */
#ifndef ETRACE_ELF_H
#define ETRACE_ELF_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t lo, hi;	/* [lo, hi) */
};

struct elf {
	const char *path;	/* not owned */
	char *debug_path;	/* where separate debug files are looked for */
	Dwfl_Callbacks callbacks;
	Dwfl *dwfl;
	Dwfl_Module *mod;
	Dwarf *dwarf;		/* NULL if there is none */
	uint64_t dwarf_bias;	/* guest address - address in the DWARF */
	uint64_t bias;		/* guest address - address in the ELF */
	int machine;		/* e_machine */
	int bits;		/* 32 or 64 */
	bool big_endian;
	struct range *code;	/* executable sections (or segments), by address */
	size_t n_code;
};

/*
 * Opens the ELF at PATH.  Its DWARF may be in a separate file, named by .gnu_debuglink or build-id,
 * beside it, in .debug there, under /usr/lib/debug or under DEBUG_DIR (may be NULL).  False, after a
 * message, if the ELF cannot be used.  No DWARF is not a failure: e->dwarf is then NULL.  E must not
 * move while it is open.
 */
bool elf_open(struct elf *e, const char *path, const char *debug_dir);
void elf_close(struct elf *e);

/* Whether ADDR is in executable code. */
bool elf_is_code(const struct elf *e, uint64_t addr);

/* The build-id in hex, or "-"; TEXT has room for 2 * 64 + 1. */
void elf_build_id(const struct elf *e, char *text);

#endif
