/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds where stretches of bytes, windows, of blocks are in ELF files.  The windows of all blocks are put in a table
 * once, then all code is read past it.
 */
#ifndef ETRACE_SYM_WINDOWS_H
#define ETRACE_SYM_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "code.h"

struct windows;

/*
 * Of the N blocks PENDING, for code whose instructions begin at multiples of STEP bytes: windows have 16 bytes where
 * that is 4, and else 12; or 8, if they are to be SHORT.  Of very many windows a part is taken, the same ones of the same bytes; *SAMPLED says so.
 */
struct windows *windows_new(const struct blocks *b, const uint32_t *pending, size_t n, unsigned step, bool is_short,
			    bool *sampled);
void windows_free(struct windows *w);

/* Notes where S, which the caller knows as FROM, has one of them; bytes that relocations change are in none. */
void windows_scan(struct windows *w, const struct section *s, uint32_t from);

/*
 * Calls FOUND for each block and place that it is at, of windows that are at no more than 8, or 64 if short: FROM's linked address
 * ADDR would be the guest's AT.
 */
void windows_found(const struct windows *w,
		   void (*found)(void *arg, uint32_t block, uint64_t at, uint32_t from, uint64_t addr), void *arg);

#endif
