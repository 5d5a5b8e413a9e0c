/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the numbers of exception tables.
 * in:  9c ff ff ff at 4010, as a pointer that is relative to itself and has 4 bytes
 * out: 3fac
 */
#include "cursor.h"

uint64_t cursor_number(struct cursor *c, size_t size)
{
	uint64_t v = 0;

	if (c->bad || (size_t)(c->end - c->p) < size) {
		c->bad = true;
		c->p = c->end;
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		v |= (uint64_t)c->p[i] << 8 * (c->big_endian ? size - 1 - i : i);
	c->p += size;
	c->addr += size;
	return v;
}

/* *SHIFT: behind the last bit that was read. */
static uint64_t leb(struct cursor *c, unsigned *shift, uint8_t *last)
{
	uint64_t v = 0;

	*shift = 0;
	do {
		*last = (uint8_t)cursor_number(c, 1);
		if (*shift < 64)
			v |= (uint64_t)(*last & 0x7f) << *shift;
		*shift += 7;
	} while (*last & 0x80 && !c->bad);
	return v;
}

uint64_t cursor_uleb(struct cursor *c)
{
	unsigned shift;
	uint8_t last;

	return leb(c, &shift, &last);
}

uint64_t cursor_sleb(struct cursor *c)
{
	unsigned shift;
	uint8_t last;
	uint64_t v = leb(c, &shift, &last);

	return last & 0x40 && shift < 64 ? v | -(uint64_t)1 << shift : v;
}

static uint64_t with_sign(uint64_t v, unsigned bits)
{
	return v >> (bits - 1) & 1 ? v | -(uint64_t)1 << (bits - 1) : v;
}

/* By the lower four bits of ENCODING. */
static uint64_t encoded(struct cursor *c, uint8_t encoding)
{
	switch (encoding & 0xf) {
	case 0:
		return cursor_number(c, (size_t)c->bits / 8);
	case 1:
		return cursor_uleb(c);
	case 2:
		return cursor_number(c, 2);
	case 3:
		return cursor_number(c, 4);
	case 4:
	case 0xc:
		return cursor_number(c, 8);
	case 9:
		return cursor_sleb(c);
	case 0xa:
		return with_sign(cursor_number(c, 2), 16);
	case 0xb:
		return with_sign(cursor_number(c, 4), 32);
	}
	c->bad = true;
	return 0;
}

uint64_t cursor_pointer(struct cursor *c, uint8_t encoding, uint64_t func)
{
	uint64_t at = c->addr, v;

	if (encoding == PTR_OMIT)
		return 0;
	v = encoded(c, encoding);
	switch (encoding & 0xf0) {
	case 0:
		break;
	case 0x10:
		v += v ? at : 0;	/* 0 is none */
		break;
	case 0x40:
		v += func;
		break;
	default:
		c->bad = true;
	}
	return c->bad ? 0 : c->bits == 32 ? v & UINT32_MAX : v;
}
