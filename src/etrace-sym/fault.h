/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What could not be read of an ELF file: noted where it happens, and said at the end, each kind once
 * with how often.  A file may have a million of one kind.
 */
#ifndef ETRACE_SYM_FAULT_H
#define ETRACE_SYM_FAULT_H

#include <stdbool.h>

enum fault {
	FAULT_CUT,		/* sections that its headers place beyond its end */
	FAULT_HEADER,		/* a section's or segment's header */
	FAULT_BUILD_ID,
	FAULT_SYMTAB,
	FAULT_SYMBOL,
	FAULT_CODE,		/* machine code that -b needs */
	FAULT_DEBUG,		/* the file, when its symbols and DWARF are needed */
	FAULT_DWARF_CUT,	/* those from here on are of the file that has the DWARF */
	FAULT_DWARF,
	FAULT_UNITS,		/* a header of a unit: where the next one begins is not known */
	FAULT_UNIT,
	FAULT_SPLIT,
	FAULT_RANGES,
	FAULT_LINES,
	FAULT_FILE,
	FAULT_TREE,
	FAULT_ATTRIBUTE,
	N_FAULT
};

struct faults;

struct faults *faults_new(void);
void faults_free(struct faults *f);

/* Notes one.  WHY is copied, of the first one of its kind. */
void faults_note(struct faults *f, enum fault kind, const char *why);

/* Whether any was noted. */
bool faults_any(const struct faults *f);

/* Says what was noted of PATH, whose DWARF is in DWARF_PATH.  False if anything was. */
bool faults_say(const struct faults *f, const char *path, const char *dwarf_path);

#endif
