/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ELF file.  All addresses are as it was linked.  The sections of an object file that was not linked (ET_REL), as a
 * Linux module is, have addresses as if all that are loaded followed each other from 0 on, each aligned: libdwfl's
 * layout.
 */
#ifndef ETRACE_SYM_ELF_H
#define ETRACE_SYM_ELF_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "fault.h"

struct range {
	uint64_t lo, hi;	/* [lo, hi) */
};

/* Which state of a file was read. */
struct stamp {
	uint64_t size;
	struct timespec time;	/* of its last change */
};

enum { BUILD_ID_MAX = 64 };	/* bytes */

struct elf {
	char *path;
	Elf *elf;		/* the file as it is, but that sections of an object file have addresses */
	struct stamp stamp;
	char build_id[2 * BUILD_ID_MAX + 1];	/* in hex, or "-" */
	bool whole;		/* none of its sections is cut off */
	bool movable;		/* ET_DYN: may be loaded anywhere */
	bool is_rel;		/* ET_REL: an object file, not linked */
	bool only_debug;	/* its code was left out: what objcopy --only-keep-debug makes */
	bool patches_itself;	/* has tables of what it changes in its code while it runs, as Linux has */
	uint64_t load_code;	/* start of the lowest segment with code */
	int machine;		/* e_machine */
	int bits;		/* 32 or 64 */
	bool big_endian;
	struct section *section;	/* with code, by address: code.h */
	size_t n_section;
	struct range *code;	/* the same as ranges */
	size_t n_code;
	struct code_symbol *symbol;	/* by name: code_symbol()'s; NULL: not read yet */
	size_t n_symbol;
	struct faults *faults;

	char *debug_given;	/* a file of this build that has DWARF, where this one has none; NULL: not known */

	/* From debug_find() on: */
	char *dwarf_path;	/* of the file that the DWARF is in: PATH, or a separate one */
	bool separate;		/* it is a separate one */
	struct stamp dwarf_stamp;
	bool no_dwarf;		/* there is none, and the file is whole */

	/* From debug_open() on: */
	bool debug_is_open;
	Dwfl_Module *mod;	/* for its symbols; NULL if it cannot be read */
	Dwarf *dwarf;		/* NULL if there is none, or it cannot be read */
	uint64_t dwarf_bias;	/* address here - address in the DWARF */

	char *debug_path;	/* debug.c's: where separate files are looked for */
	Dwfl_Callbacks callbacks;
	Dwfl *dwfl;
};

/*
 * Where a range from LO ends that ends at HI, 0 being 2^64: one byte before that, so that HI can be
 * compared.  The last byte of the address space is in no range.
 */
static inline uint64_t range_end(uint64_t lo, uint64_t hi)
{
	return lo && !hi ? UINT64_MAX : hi;
}

/*
 * Opens the ELF file PATH and finds its code; its symbols and its DWARF are not read (debug.h).  Separate debug files
 * are looked for beside it, under DEBUG_DIR (may be NULL) and, if INSTALLED ones are to be used, under /usr/lib/debug.
 * False, after a message, if the ELF cannot be used.  From debug_find() on E must not move.
 */
bool elf_open(struct elf *e, const char *path, const char *debug_dir, bool installed);
void elf_close(struct elf *e);

/* Whether the files are still as they were when they were found. */
bool elf_is_unchanged(const struct elf *e);

/* The state of the open file FD. */
struct stamp elf_stamp(int fd);

/* Whether ELF has what its headers say; what is missing is noted of E, as KIND. */
bool elf_check_size(const struct elf *e, Elf *elf, enum fault kind);

/* Notes that something of E could not be read, WHY in the words of the library that says so; see fault.h. */
void elf_complain(const struct elf *e, enum fault kind, const char *why);

/* Says what elf_complain() noted.  False if anything was. */
bool elf_is_whole(const struct elf *e);

/* Whether ADDR is in executable code. */
bool elf_is_code(const struct elf *e, uint64_t addr);

/* Where the section with code ends that ADDR is in; ADDR if it is in none. */
uint64_t elf_code_end(const struct elf *e, uint64_t addr);

/*
 * The bytes of the section with code that ADDR is in, and in *START and *N where it begins
 * and how many there are; NULL if there are none.  They are E's.
 */
const uint8_t *elf_code(const struct elf *e, uint64_t addr, uint64_t *start, size_t *n);

/* The header of ELF's section NAME that has contents, compressed or not; false if there is none. */
bool elf_section(Elf *elf, const char *name, GElf_Shdr *sh);

/*
 * Where the byte OFFSET of the file is loaded, as linked, in *ADDR: in a segment with code, rather than in another one
 * that is on the same page.  False if it is in none.
 */
bool elf_at_offset(const struct elf *e, uint64_t offset, uint64_t *addr);

/* The page that the first loaded segment begins in, as linked; 0 if there is none. */
uint64_t elf_first_page(const struct elf *e);

/* Whether PATH is an ELF file that can be read; says nothing. */
bool elf_is_there(const char *path);

#endif
