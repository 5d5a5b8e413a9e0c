/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is mapped in this process, by /proc/self/maps.
 */
#ifndef ETRACE_PROCMAPS_H
#define ETRACE_PROCMAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory that can be read, [lo, hi): of a file, or of none. */
struct region {
	uint64_t lo, hi, offset;
	uint64_t device, inode;		/* inode 0: of no file */
	const char *path;		/* or "[anon]", or another name in brackets that Linux gives; valid until the next read */
};

struct procmaps {
	struct region *region;		/* by address; neighbours that go on in the same file are one */
	size_t n;
	size_t cap_region;
	char *text;
	size_t cap_text;
};

/* { 0 } at first; reads it, or again.  False, and nothing in it, if that is not possible. */
bool procmaps_read(struct procmaps *p);

/* The first region that ends above ADDR, or NULL. */
const struct region *procmaps_from(const struct procmaps *p, uint64_t addr);

#endif
