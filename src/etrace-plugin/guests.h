/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's targets.
 */
#ifndef ETRACE_GUESTS_H
#define ETRACE_GUESTS_H

#include <stdbool.h>

/* A guest, by QEMU's name for it. */
struct guest {
	const char *name;
	unsigned bits;
	bool big_endian;
	const char *pc;		/* where blocks may run elsewhere than translated (moved.c): the register; or NULL */
};

/* NULL if the name is not known. */
const struct guest *guest_find(const char *name);

#endif
