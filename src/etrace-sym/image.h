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
	bool unplaced;		/* it was loaded where the trace does not say: no block is in it */
	bool blamed;		/* it was said that it is not what ran */
	bool ran;		/* a block of the trace is in it */
};

/* The first of N images that has code at the guest's ADDR; NULL if none has. */
struct image *image_at(struct image *images, size_t n, uint64_t addr);

#endif
