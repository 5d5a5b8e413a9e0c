/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ELF file an address is in.
 * in:  40201a48
 * out: fw.elf
 */
#include "image.h"

struct image *image_at(struct image *images, size_t n, uint64_t addr)
{
	for (size_t i = 0; i < n; i++)
		if (!images[i].unplaced && elf_is_code(&images[i].elf, addr - images[i].elf.bias))
			return &images[i];
	return NULL;
}
