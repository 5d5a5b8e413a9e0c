/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that is known of one ELF file.
 */
#ifndef ETRACE_IMAGE_H
#define ETRACE_IMAGE_H

#include "elf.h"
#include "lines.h"
#include "names.h"
#include "symtab.h"

struct image {
	struct elf elf;
	struct symtab sym;
	struct lines lines;
};

#endif
