/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares code.
 * in:  48 c7 c7 00 10 60 9a, which ran 19600000 higher than vmlinux has 48 c7 c7 00 10 00 81
 * out: equal
 */
#include "match.h"

#include "code.h"

static uint64_t word(const uint8_t *p, unsigned size, bool big)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < size; i++)
		v |= (uint64_t)p[i] << 8 * (big ? size - 1 - i : i);
	return v;
}

/* Where the relocated word ends that byte I of CODE is in, or 0. */
static size_t relocated(const uint8_t *is, const uint8_t *code, size_t i, size_t n, uint64_t bias, bool big)
{
	for (unsigned size = 4; bias && size <= 8; size += 4) {
		uint64_t mask = size == 4 ? UINT32_MAX : UINT64_MAX;

		for (size_t at = i < size ? 0 : i - size + 1; at <= i && at + size <= n; at++) {
			uint64_t by = (word(code + at, size, big) - word(is + at, size, big)) & mask;

			/* What is relative to a place that stays goes down by as much. */
			if (by && (by == (bias & mask) || by == (-bias & mask)))
				return at + size;
		}
	}
	return 0;
}

/* How many of the bytes differ, when they are more than MAX: any number above. */
static size_t differ(const struct elf *e, const struct section *s, uint64_t off, const uint8_t *code, size_t n,
		     uint64_t bias, size_t max)
{
	const uint8_t *is = s->bytes + off;
	size_t other = 0;

	for (size_t i = 0, to; i < n && other <= max; i = to) {
		to = i + 1;
		if (is[i] == code[i] || code_is_relocated(s, off + i))
			continue;
		/* Words of an object file are relocated only where its relocations say it. */
		to = e->is_rel ? 0 : relocated(is, code, i, n, bias, e->big_endian);
		if (to)
			continue;
		to = i + 1;
		other++;
	}
	return other;
}

/* The section with contents that ADDR is in, and how many of N bytes are in that; NULL if there is none. */
static const struct section *find(const struct elf *e, uint64_t addr, size_t *n)
{
	const struct section *s = code_section(e, addr);

	if (!s || !s->bytes)
		return NULL;
	if (*n > s->size - (addr - s->addr))
		*n = (size_t)(s->size - (addr - s->addr));
	return s;
}

enum match match_code(const struct elf *e, uint64_t addr, const uint8_t *code, size_t n, uint64_t bias)
{
	const struct section *s = find(e, addr, &n);
	size_t other;

	if (!s)
		return MATCH_UNKNOWN;
	other = differ(e, s, addr - s->addr, code, n, bias, n);
	return !other ? MATCH_EQUAL : 2 * other <= n ? MATCH_SIMILAR : MATCH_OTHER;
}

bool match_is_equal(const struct elf *e, uint64_t addr, const uint8_t *code, size_t n, uint64_t bias)
{
	const struct section *s = find(e, addr, &n);

	return s && !differ(e, s, addr - s->addr, code, n, bias, 0);
}
