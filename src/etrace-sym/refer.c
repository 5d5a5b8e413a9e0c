/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads addresses out of relocated code.
 * in:  94000c00 at ffff80000a2b4014 of the guest, where a R_AARCH64_CALL26 changed it
 * out: it calls ffff80000a2b7014
 */
#include "refer.h"

enum reloc_kind refer_kind(int machine, uint32_t type)
{
	if (machine == EM_X86_64)
		switch (type) {
		case R_X86_64_64:
		case R_X86_64_32:
		case R_X86_64_32S:
			return RELOC_ABSOLUTE;
		case R_X86_64_PLT32:
			return RELOC_BRANCH;
		case R_X86_64_PC32:
		case R_X86_64_PC64:
			return RELOC_RELATIVE;
		}
	if (machine == EM_AARCH64)
		switch (type) {
		case R_AARCH64_ABS64:
		case R_AARCH64_ABS32:
			return RELOC_ABSOLUTE;
		case R_AARCH64_PREL64:
		case R_AARCH64_PREL32:
		case R_AARCH64_LD_PREL_LO19:
		case R_AARCH64_ADR_PREL_LO21:
			return RELOC_RELATIVE;
		case R_AARCH64_CALL26:
		case R_AARCH64_JUMP26:
		case R_AARCH64_CONDBR19:
		case R_AARCH64_TSTBR14:
			return RELOC_BRANCH;
		case R_AARCH64_ADR_PREL_PG_HI21:
		case R_AARCH64_ADR_PREL_PG_HI21_NC:
			return RELOC_PAGE;
		case R_AARCH64_ADD_ABS_LO12_NC:
		case R_AARCH64_LDST8_ABS_LO12_NC:
		case R_AARCH64_LDST16_ABS_LO12_NC:
		case R_AARCH64_LDST32_ABS_LO12_NC:
		case R_AARCH64_LDST64_ABS_LO12_NC:
		case R_AARCH64_LDST128_ABS_LO12_NC:
			return RELOC_LOW;
		}
	return RELOC_OPAQUE;
}

static uint64_t word(const uint8_t *p, size_t bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static uint64_t signed_bits(uint64_t v, unsigned from, unsigned n)
{
	return (uint64_t)((int64_t)(v << (64 - from - n)) >> (64 - n));
}

static uint64_t field_of_x86(const struct reloc *r, const uint8_t *p)
{
	uint64_t v = word(p, r->bytes);

	return r->type == R_X86_64_32 || r->bytes == 8 ? v : signed_bits(v, 0, 32);
}

/* The immediate operand of the instruction at P, in the units of addresses (Arm ARM, C4.1). */
static uint64_t field_of_aarch64(const struct reloc *r, const uint8_t *p)
{
	uint64_t v = word(p, r->bytes), adr = signed_bits((v >> 5 & 0x7ffff) << 2 | (v >> 29 & 3), 0, 21);

	switch (r->type) {
	case R_AARCH64_ABS32:
	case R_AARCH64_ABS64:
	case R_AARCH64_PREL64:
		return v;
	case R_AARCH64_PREL32:
		return signed_bits(v, 0, 32);
	case R_AARCH64_CALL26:
	case R_AARCH64_JUMP26:
		return signed_bits(v, 0, 26) * 4;
	case R_AARCH64_CONDBR19:
	case R_AARCH64_LD_PREL_LO19:
		return signed_bits(v, 5, 19) * 4;
	case R_AARCH64_TSTBR14:
		return signed_bits(v, 5, 14) * 4;
	case R_AARCH64_ADR_PREL_LO21:
		return adr;
	case R_AARCH64_ADR_PREL_PG_HI21:
	case R_AARCH64_ADR_PREL_PG_HI21_NC:
		return adr << 12;
	default:
		return v >> 10 & 0xfff;
	}
}

/* By how many bits the operand is shifted of an instruction that has the low bits of an address. */
static unsigned shift_of(uint32_t type)
{
	switch (type) {
	case R_AARCH64_LDST16_ABS_LO12_NC:
		return 1;
	case R_AARCH64_LDST32_ABS_LO12_NC:
		return 2;
	case R_AARCH64_LDST64_ABS_LO12_NC:
		return 3;
	case R_AARCH64_LDST128_ABS_LO12_NC:
		return 4;
	}
	return 0;
}

bool reloc_refers(const struct reloc *r, int machine, const uint8_t *p, uint64_t at, uint64_t *addr, uint64_t *mask)
{
	uint64_t field;
	unsigned shift = shift_of(r->type);

	if (r->kind == RELOC_OPAQUE)
		return false;
	field = machine == EM_X86_64 ? field_of_x86(r, p) : field_of_aarch64(r, p);
	*mask = UINT64_MAX;
	switch (r->kind) {
	case RELOC_ABSOLUTE:
		*addr = field;
		*mask = machine == EM_AARCH64 && r->bytes == 4 ? UINT32_MAX : UINT64_MAX;
		break;
	case RELOC_PAGE:
		*mask = ~(uint64_t)0xfff;
		*addr = (at & *mask) + field;
		break;
	case RELOC_LOW:
		*mask = 0xfff >> shift << shift;
		*addr = field << shift & *mask;
		break;
	default:
		*addr = at + field;
	}
	return true;
}
