/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An address that the guest has, rather than one that an object was linked for.
 */
#ifndef ETRACE_SYM_GUEST_H
#define ETRACE_SYM_GUEST_H

#include <stdint.h>

struct guest {
	uint64_t addr;
};

#endif
