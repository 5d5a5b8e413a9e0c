/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "header.h"

volatile int sink, four = 4, eight = 8;

static __attribute__((noinline)) int clamped(int x)
{
	CLAMP(x, 2, 5);			/*= 9 */
	return x;
}

int main(void)
{
	for (int i = 0; i < 9; i++)
		sink += clamped(i);	/*= 9 */
	for (int i = four; i < eight; i++)
		sink += half(i);	/*= 4 */
	if (sink < 0)			/*= 1 */
		sink = 0;		/*= 0 */
	return b(3);			/*= 1 */
}
