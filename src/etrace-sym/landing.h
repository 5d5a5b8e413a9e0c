/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Landing pads: where exceptions of C++, Rust, Ada and the like are caught or cleaned up after, and the code that they
 * come there from.
 */
#ifndef ETRACE_SYM_LANDING_H
#define ETRACE_SYM_LANDING_H

#include "elf.h"

struct landing;

/* What E says by .eh_frame, or for ARM by .ARM.exidx, as far as it can be read; nothing of an object file. */
struct landing *landing_read(const struct elf *e);
void landing_free(struct landing *l);

/*
 * The code whose exceptions come to ADDR, as linked: *N ranges, by address, which neither overlap nor touch.  NULL if
 * there is none.  They are L's until it is asked again.
 */
const struct range *landing_at(struct landing *l, uint64_t addr, size_t *n);

#endif
