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
 * Opens the ELF at PATH.  False, after a message, if that is not possible.  No DWARF is not a
 * failure: e->dwarf is then NULL.
 */
bool elf_open(struct elf *e, const char *path);
void elf_close(struct elf *e);

/* Whether ADDR is in executable code. */
bool elf_is_code(const struct elf *e, uint64_t addr);

/* The build-id in hex, or "-"; TEXT has room for 2 * 64 + 1. */
void elf_build_id(const struct elf *e, char *text);

#endif
