/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the guest's executable memory is of, as G records say.
 */
#ifndef ETRACE_MEMORY_H
#define ETRACE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

struct memory;

struct memory *memory_new(void);
void memory_free(struct memory *m);

/* Takes a G record.  Where nothing is any more stays what was there last.  False if it is malformed. */
bool memory_add(struct memory *m, const char *line, size_t len);

/*
 * Whether it is known what ADDR is of.  *WHAT is that, as in U (record.h), and is M's, up to the next memory_add(); *AT
 * is ADDR as U has it then, for a file the offset in it.
 */
bool memory_at(const struct memory *m, uint64_t addr, struct field *what, uint64_t *at);

#endif
