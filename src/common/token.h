/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands for the bytes of a block, before it is known what it is: the same for the same bytes, in every run.
 */
#ifndef ETRACE_TOKEN_H
#define ETRACE_TOKEN_H

#include <stddef.h>
#include <stdint.h>

enum { TOKEN_MAX = 9 };		/* bytes of its text */

/* A hash of N bytes: FNV-1a of 32 bits. */
static inline uint32_t token_hash(const uint8_t *p, size_t n)
{
	uint32_t h = 0x811c9dc5;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x01000193;
	return h;
}

/* The text of hash H at P, ":" and 8 hex digits, or "-" for 0, bytes that are not known; returns the length. */
static inline size_t token_text(char *p, uint32_t h)
{
	*p = h ? ':' : '-';
	for (int i = 0; h && i < 8; i++)
		p[1 + i] = "0123456789abcdef"[h >> (28 - 4 * i) & 15];
	return h ? TOKEN_MAX : 1;
}

/* The text of N bytes' hash. */
static inline size_t token_put(char *p, const uint8_t *bytes, size_t n)
{
	return token_text(p, n ? token_hash(bytes, n) : 0);
}

#endif
