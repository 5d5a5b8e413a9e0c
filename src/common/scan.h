/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the loops that run once an E record: where the first columns of a line end, found 64 bytes at a
 * time, and the text of a block, "in TAB start TAB size", as words that are compared as such.
 */
#ifndef ETRACE_SCAN_H
#define ETRACE_SCAN_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SCAN_BYTES = 64, SCAN_KEY_MAX = 40 };

/* Bit i of the result says whether P[i] is C, for the SCAN_BYTES bytes at P. */
static inline uint64_t scan_for(const char *p, char c)
{
	uint64_t found = 0;

#ifdef __SSE2__
#pragma GCC unroll 4
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

enum { SCAN_PIECE = 16 };

/* The same for the SCAN_PIECE bytes at P, or for N of them if there are no more. */
static inline unsigned scan_piece(const char *p, size_t n, char c)
{
	unsigned found = 0;

#ifdef __SSE2__
	if (n >= SCAN_PIECE)
		return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8(c)));
#endif
	for (unsigned i = 0; i < n && i < SCAN_PIECE; i++)
		found |= (unsigned)(p[i] == c) << i;
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

/* Where the columns of an E record are: offsets in its line. */
struct scan_e {
	unsigned in;			/* where its block begins, "in TAB start TAB size", ... */
	unsigned size_end;		/* ... and ends */
	unsigned count_end, ns_end;
	unsigned len;			/* of the line, without its newline; 0: it goes on after SCAN_BYTES */
};

/*
 * Whether LINE, of which SCAN_BYTES bytes can be read, is an E record with a short cpu and time, a block of
 * SCAN_KEY_MAX bytes at the most, and its counts in these bytes.  The last byte of its block is no NUL: keys do not
 * tell these from the end.
 */
static inline int scan_e(const char *line, struct scan_e *e)
{
	uint64_t newline = scan_for(line, '\n'), tabs = scan_for(line, '\t'), t, size, count;

	tabs = newline ? tabs & (newline - 1) & ~newline : tabs;	/* of this line */
	if (line[0] != 'E' || !(tabs & 2))
		return 0;
	t = scan_rest(scan_rest(tabs));				/* after time, in, start, size, count, ns */
	size = scan_rest(scan_rest(scan_rest(t)));
	count = scan_rest(size);
	t = count ? t : 0;
	if (!t)
		return 0;
	e->in = scan_first(t) + 1;
	e->size_end = scan_first(size);
	e->count_end = scan_first(count);
	t = scan_rest(count);
	if (!t && !newline)
		return 0;
	e->ns_end = scan_first(t ? t : newline);
	e->len = newline ? scan_first(newline) : 0;
	return e->size_end - e->in <= SCAN_KEY_MAX && e->in <= SCAN_BYTES - SCAN_KEY_MAX && line[e->size_end - 1];
}

/*
 * Where the columns of a block in a W record are: offsets from P, where "in TAB start TAB size TAB ns" begins, up to
 * END or another TAB.  False if that is not all in there.
 */
static inline int scan_walk_block(const char *p, const char *end, size_t *size_end, size_t *ns_end)
{
	uint64_t tabs = end - p >= SCAN_BYTES ? scan_rest(scan_rest(scan_for(p, '\t'))) : 0;
	const char *tab = p;

	if (scan_rest(tabs)) {
		*size_end = scan_first(tabs);
		*ns_end = scan_first(scan_rest(tabs));
		return 1;
	}
	for (int i = 0; i < 3; i++, tab++)
		if (!(tab = memchr(tab, '\t', (size_t)(end - tab))))
			return 0;
	*size_end = (size_t)(tab - 1 - p);
	tab = memchr(tab, '\t', (size_t)(end - tab));
	*ns_end = (size_t)((tab ? tab : end) - p);
	return 1;
}

struct scan_key {
	uint64_t w[SCAN_KEY_MAX / 8];
};

/* The LEN bytes at S, at most SCAN_KEY_MAX; as many as that are read. */
static inline struct scan_key scan_key(const char *s, unsigned len)
{
	static const char mask[2 * SCAN_KEY_MAX] = {
		-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
		-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	};
	struct scan_key k, m;

	memcpy(&k, s, sizeof k);
	memcpy(&m, mask + SCAN_KEY_MAX - len, sizeof m);
#pragma GCC unroll 5
	for (int i = 0; i < SCAN_KEY_MAX / 8; i++)
		k.w[i] &= m.w[i];
	return k;
}

static inline int scan_key_is(const struct scan_key *a, const struct scan_key *b)
{
	uint64_t differ = 0;

#pragma GCC unroll 5
	for (int i = 0; i < SCAN_KEY_MAX / 8; i++)
		differ |= a->w[i] ^ b->w[i];
	return !differ;
}

/* BITS bits that differ for keys that differ, for the most part. */
static inline unsigned scan_hash(const struct scan_key *k, unsigned bits)
{
	/* The products do not wait for each other. */
	uint64_t h = k->w[0] * 0x9e3779b97f4a7c15u ^ k->w[1] * 0xbf58476d1ce4e5b9u ^ k->w[2] * 0x94d049bb133111ebu ^
		     k->w[3] * 0x9fb21c651e98df25u ^ k->w[4] * 0xd6e8feb86659fd93u;

	return (unsigned)((h ^ h >> 32) * 0x9fb21c651e98df25u >> (64 - bits));
}

#endif
