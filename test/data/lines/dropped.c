/* SPDX-License-Identifier: GPL-3.0-or-later */
static inline __attribute__((always_inline)) int twice(int x)
{
	volatile int y = x;
	return y * 2;
}
int dropped(int x)
{
	x += twice(x);
	x += twice(x + 3);
	x += twice(x + 5);
	return x + 1;
}
int kept(int x)
{
	x += twice(x);
	return x - 1;
}
int dropped_too(int x)
{
	return x * 3;
}
