/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads numbers from bytes of an ELF file one after the other.  Past their end all are 0, and the cursor says so.
 */
#ifndef ETRACE_SYM_CURSOR_H
#define ETRACE_SYM_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *p, *end;
	uint64_t addr;		/* the linked one of the byte at P */
	int bits;		/* of an address: 32 or 64 */
	bool big_endian;
	bool bad;		/* it was asked for more than there is, or for what is not known */
};

/* SIZE bytes, at most 8. */
uint64_t cursor_number(struct cursor *c, size_t size);

/* LEB128 (DWARF 5, 7.6), without a sign or with one. */
uint64_t cursor_uleb(struct cursor *c);
uint64_t cursor_sleb(struct cursor *c);

enum { PTR_OMIT = 0xff };

/*
 * A pointer with this encoding, DW_EH_PE_* (Linux Standard Base Core 5.0, 10.5.1), 0 if it is left out; FUNC is what
 * one of a function is relative to.  One that is to be loaded from memory is not known, nor one relative to data.
 */
uint64_t cursor_pointer(struct cursor *c, uint8_t encoding, uint64_t func);

#endif
