/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A header's code, and macros that hide loops, for sample.c. */
static inline int clamp(int v, int lo, int hi)
{
	if (v < lo)
		return lo;
	return v > hi ? hi : v;
}

#define FILL(a, n, v) do { for (int i_ = 0; i_ < (n); i_++) (a)[i_] = (v) + i_; } while (0)
#define COUNT(a, n, test, to) for (int i_ = 0; i_ < (n); i_++) if ((a)[i_] test) (to)++
