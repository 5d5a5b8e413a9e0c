/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cachegrind's profile, which cg_annotate, callgrind_annotate and KCachegrind read.
 * in:  work.c:9 in collatz ran 452 times in 9800 ns
 * out: fl=work.c / fn=collatz / 9 452 9800
 *
 * cg_annotate takes no ob= lines: Cachegrind does not tell objects apart.
 */
#include "grind.h"

static bool report(const struct coverage *c, struct out *o)
{
	return grind_report(c, false, o);
}

const struct fmt fmt_cachegrind = {
	.name = "cachegrind", .what = "profile for cg_annotate, callgrind_annotate and KCachegrind", .report = report,
	.profile = true,
};
