/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests by the names that QEMU has for its targets.
 * in:  aarch64
 * out: 64 bits, little-endian
 */
#include <string.h>

#include "plugin.h"

static const struct guest guests[] = {
	{ "aarch64", 64, false }, { "aarch64_be", 64, true }, { "alpha", 64, false }, { "arm", 32, false },
	{ "armeb", 32, true }, { "avr", 32, false }, { "cris", 32, false }, { "hexagon", 32, false },
	{ "hppa", 64, true }, { "i386", 32, false }, { "loongarch64", 64, false }, { "m68k", 32, true },
	{ "microblaze", 64, true }, { "microblazeel", 64, false }, { "mips", 32, true }, { "mips64", 64, true },
	{ "mips64el", 64, false }, { "mipsel", 32, false }, { "mipsn32", 64, true }, { "mipsn32el", 64, false },
	{ "nios2", 32, false }, { "or1k", 32, true }, { "ppc", 32, true }, { "ppc64", 64, true },
	{ "ppc64le", 64, false }, { "riscv32", 32, false }, { "riscv64", 64, false }, { "rx", 32, false },
	{ "s390x", 64, true }, { "sh4", 32, false }, { "sh4eb", 32, true }, { "sparc", 32, true },
	{ "sparc32plus", 32, true }, { "sparc64", 64, true }, { "tricore", 32, false }, { "x86_64", 64, false },
	{ "xtensa", 32, false }, { "xtensaeb", 32, true },
};

const struct guest *guest_find(const char *name)
{
	for (size_t i = 0; i < sizeof guests / sizeof *guests; i++)
		if (!strcmp(guests[i].name, name))
			return &guests[i];
	return NULL;
}
