/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded cursor over the bytes of a packet.  Reading past the end gives 0 and sets BAD, which
 * stays set: read a whole layout, then look once.
 */
#ifndef ETRACE_CURSOR_H
#define ETRACE_CURSOR_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *p, *end;
	bool swap;		/* the file's integers are big-endian */
	bool bad;
};

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* N bytes, or NULL if there are fewer. */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t n)
{
	const uint8_t *p = c->p;

	if (n > cursor_left(c)) {
		c->bad = true;
		return NULL;
	}
	c->p += n;
	return p;
}

/* An unsigned integer at P of N bytes: 1, 2, 4 or 8. */
static inline uint64_t load_uint(const uint8_t *p, unsigned n, bool swap)
{
	uint64_t v = 0;

	memcpy(&v, p, n);	/* in the file's order, at the lowest addresses */
	return swap ? be64toh(v) >> (64 - 8 * n) : le64toh(v);
}

static inline uint64_t cursor_uint(struct cursor *c, unsigned n)
{
	const uint8_t *p = cursor_bytes(c, n);

	return p ? load_uint(p, n, c->swap) : 0;
}

static inline uint8_t cursor_u8(struct cursor *c) { return (uint8_t)cursor_uint(c, 1); }
static inline uint16_t cursor_u16(struct cursor *c) { return (uint16_t)cursor_uint(c, 2); }
static inline uint32_t cursor_u32(struct cursor *c) { return (uint32_t)cursor_uint(c, 4); }
static inline uint64_t cursor_u64(struct cursor *c) { return cursor_uint(c, 8); }

#endif
