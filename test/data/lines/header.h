/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a header: copies in two units, out of line or inlined, add up. */
static inline int half(int x)
{
	x |= 1;				/*= 7 */
	while (x > 3)
		x /= 2;			/*= 7 */
	return x;			/*= 7 */
}

/* Code of a macro counts for the line that uses it, all of it. */
#define CLAMP(x, lo, hi)	\
	do {			\
		if ((x) < (lo))	\
			(x) = (lo);	\
		if ((x) > (hi))	\
			(x) = (hi);	\
	} while (0)

int b(int n);
