/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests by the names that QEMU has for its targets.
 * in:  aarch64
 * out: 64 bits, little-endian, pc
 */
#include "guests.h"

#include <string.h>

static const struct guest guests[] = {
	{ "aarch64", 64, false, "pc" }, { "aarch64_be", 64, true, "pc" }, { "alpha", 64, false, NULL },
	{ "arm", 32, false, "pc" }, { "armeb", 32, true, "pc" }, { "avr", 32, false, NULL },
	{ "cris", 32, false, NULL }, { "hexagon", 32, false, NULL }, { "hppa", 64, true, NULL },
	{ "i386", 32, false, "eip" }, { "loongarch64", 64, false, NULL }, { "m68k", 32, true, NULL },
	{ "microblaze", 64, true, NULL }, { "microblazeel", 64, false, NULL }, { "mips", 32, true, NULL },
	{ "mips64", 64, true, NULL }, { "mips64el", 64, false, NULL }, { "mipsel", 32, false, NULL },
	{ "mipsn32", 64, true, NULL }, { "mipsn32el", 64, false, NULL }, { "nios2", 32, false, NULL },
	{ "or1k", 32, true, NULL }, { "ppc", 32, true, NULL }, { "ppc64", 64, true, NULL },
	{ "ppc64le", 64, false, NULL }, { "riscv32", 32, false, "pc" }, { "riscv64", 64, false, "pc" },
	{ "rx", 32, false, NULL }, { "s390x", 64, true, NULL }, { "sh4", 32, false, NULL },
	{ "sh4eb", 32, true, NULL }, { "sparc", 32, true, NULL }, { "sparc32plus", 32, true, NULL },
	{ "sparc64", 64, true, NULL }, { "tricore", 32, false, NULL }, { "x86_64", 64, false, "rip" },
	{ "xtensa", 32, false, NULL }, { "xtensaeb", 32, true, NULL },
};

const struct guest *guest_find(const char *name)
{
	for (size_t i = 0; i < sizeof guests / sizeof *guests; i++)
		if (!strcmp(guests[i].name, name))
			return &guests[i];
	return NULL;
}
