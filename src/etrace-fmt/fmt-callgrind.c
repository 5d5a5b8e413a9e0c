/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Callgrind's profile, which callgrind_annotate and KCachegrind read (Valgrind's manual, "Callgrind Format
 * Specification"): Cachegrind's, and the object that each function is in.
 * in:  work.c:9 in collatz of fw.elf ran 452 times in 9800 ns
 * out: ob=fw.elf / fl=work.c / fn=collatz / 9 452 9800
 */
#include "grind.h"

static bool report(const struct coverage *c, struct out *o)
{
	out_str(o, "# callgrind format\nversion: 1\ncreator: etrace-fmt\npositions: line\n");
	return grind_report(c, true, o);
}

const struct fmt fmt_callgrind = {
	.name = "callgrind", .what = "the same with ELF files, for callgrind_annotate and KCachegrind", .report = report,
	.profile = true,
};
