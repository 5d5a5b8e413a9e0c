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

enum match match_code(const struct elf *e, uint64_t addr, const uint8_t *code, size_t n, uint64_t bias)
{
	const struct section *s = code_section(e, addr);
	const uint8_t *is = s && s->bytes ? s->bytes + (addr - s->addr) : NULL;
	size_t other = 0;

	if (!is)
		return MATCH_UNKNOWN;
	if (n > s->size - (addr - s->addr))
		n = (size_t)(s->size - (addr - s->addr));
	for (size_t i = 0, to; i < n; i = to) {
		to = i + 1;
		if (is[i] == code[i] || code_is_relocated(s, addr - s->addr + i))
			continue;
		to = relocated(is, code, i, n, bias, e->big_endian);
		if (to)
			continue;
		to = i + 1;
		other++;
	}
	return !other ? MATCH_EQUAL : 2 * other <= n ? MATCH_SIMILAR : MATCH_OTHER;
}
