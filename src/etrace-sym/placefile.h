/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of places: where the guest had which file, as the user knows or as the guest's Linux said.  Its lines, in any
 * mix:
 *
 *     555555555000-555555557000 r-xp 00001000 fe:01 1234  /usr/bin/prog
 *                              /proc/PID/maps (proc_pid_maps(5)); what is not executable, or of no file, is left out
 *     nls_utf8 16384 1 - Live 0xffffffffc0a4e000
 *                              /proc/modules (proc_modules(5)): a module of Linux
 *     400000 build/fw.elf      a file, and where the page is that its first loaded segment begins in; of an object
 *                              file, where the first section with code is
 *     nls_utf8 .text 0xffffffffc0a4e000
 *                              a section, whose name begins with . or _, of a file or a module, as
 *                              /sys/module/NAME/sections/SECTION says
 *
 * Addresses are hexadecimal, with or without 0x.  Empty lines, and those that begin with #, are comments.
 */
#ifndef ETRACE_PLACEFILE_H
#define ETRACE_PLACEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct placefile_line {
	enum { PLACEFILE_MAPPED, PLACEFILE_MODULE, PLACEFILE_LOADED, PLACEFILE_SECTION } kind;
	char *path;		/* a file; of MODULE, and of SECTION perhaps, a module's name */
	char *section;		/* of SECTION, else NULL */
	uint64_t lo, hi;	/* the guest's [LO, HI); HI 0: 2^64.  LOADED and SECTION: LO alone, HI is LO */
	uint64_t offset;	/* of MAPPED: of LO in the file */
};

struct placefile {
	struct placefile_line *line;
	size_t n, cap;
	bool hidden;		/* modules had no address: Linux tells it root alone */
};

/*
 * Adds the lines of the file NAME to P, which is all 0 at first.  False after a message: it cannot be read, or some
 * lines, the first of which is named, are none of these, or modules have no address.
 */
bool placefile_read(struct placefile *p, const char *name);

/* The same of F, for messages called NAME, which stays the caller's. */
bool placefile_parse(struct placefile *p, FILE *f, const char *name);

void placefile_free(struct placefile *p);

/*
 * Whether PATH is a file of the module NAME: NAME.ko, or NAME.ko.debug, in any directory; - and _ are the same, as
 * Linux has it.
 */
bool placefile_is_module(const char *path, const char *name);

#endif
