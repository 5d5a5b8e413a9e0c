/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the loops that run once an E record: where the first columns of a line end, found 64 bytes at a
 * time, and the text of a block, "start TAB size", as three words that are compared as such.
 */
#ifndef ETRACE_SCAN_H
#define ETRACE_SCAN_H

#include <endian.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SCAN_BYTES = 64, SCAN_KEY_MAX = 24 };

/* Bit i of the result says whether P[i] is C, for the SCAN_BYTES bytes at P. */
static inline uint64_t scan_for(const char *p, char c)
{
	uint64_t found = 0;

#ifdef __SSE2__
	for (int i = 0; i < SCAN_BYTES / 16; i++) {
		__m128i x = _mm_loadu_si128((const __m128i *)(p + 16 * i));

		x = _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
		found |= (uint64_t)(uint32_t)_mm_movemask_epi8(x) << 16 * i;
	}
#else
	const uint64_t ones = 0x0101010101010101u, low = 0x7f * ones;

	for (int i = 0; i < SCAN_BYTES / 8; i++) {
		uint64_t x;

		memcpy(&x, p + 8 * i, 8);
		x = le64toh(x) ^ (uint64_t)(unsigned char)c * ones;
		x = ~(((x & low) + low) | x | low);	/* 0x80 in each byte that was C, 0 in all others */
		found |= (x >> 7) * 0x0102040810204080u >> 56 << 8 * i;
	}
#endif
	return found;
}

/* The lowest bit that is set in M, which is not 0; and M without it. */
static inline unsigned scan_first(uint64_t m)
{
	return (unsigned)__builtin_ctzll(m);
}

static inline uint64_t scan_rest(uint64_t m)
{
	return m & (m - 1);
}

struct scan_key {
	uint64_t w[SCAN_KEY_MAX / 8];
};

/* The LEN bytes at S, at most SCAN_KEY_MAX; as many as that are read. */
static inline struct scan_key scan_key(const char *s, unsigned len)
{
	static const char mask[2 * SCAN_KEY_MAX] = {
		-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	};
	struct scan_key k, m;

	memcpy(&k, s, sizeof k);
	memcpy(&m, mask + SCAN_KEY_MAX - len, sizeof m);
	k.w[0] &= m.w[0];
	k.w[1] &= m.w[1];
	k.w[2] &= m.w[2];
	return k;
}

static inline int scan_key_is(const struct scan_key *a, const struct scan_key *b)
{
	return !((a->w[0] ^ b->w[0]) | (a->w[1] ^ b->w[1]) | (a->w[2] ^ b->w[2]));
}

/* BITS bits that differ for keys that differ, for the most part. */
static inline unsigned scan_hash(const struct scan_key *k, unsigned bits)
{
	uint64_t h = (k->w[0] ^ k->w[1] * 0x9fb21c651e98df25u ^ k->w[2] << 24) * 0x9e3779b97f4a7c15u;

	return (unsigned)((h ^ h >> 29) * 0xbf58476d1ce4e5b9u >> (64 - bits));
}

#endif
