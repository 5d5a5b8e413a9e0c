/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as the record stream writes them: addresses in bare lower-case hex, all else in decimal.
 * The printers write at P without a final NUL and return the byte after; room for NUM_MAX suffices.
 */
#ifndef ETRACE_NUM_H
#define ETRACE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUM_MAX = 20 };	/* 18446744073709551615 */

char *num_dec(char *p, uint64_t v);
char *num_hex(char *p, uint64_t v);

/*
 * Parses all LEN bytes at S as a number.  False if there is anything else in it, nothing at all, or
 * more than 64 bits; *V is then unchanged.
 */
bool num_parse_dec(const char *s, size_t len, uint64_t *v);
bool num_parse_hex(const char *s, size_t len, uint64_t *v);

#endif
