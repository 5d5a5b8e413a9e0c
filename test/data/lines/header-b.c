/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "header.h"

extern volatile int sink;
static volatile int seven = 7;

int b(int n)
{
	while (n--)
		sink += half(seven);	/*= 3 */
	/* Statements of a file that is included in the middle of a function. */
#include "header.inc"
	return 0;			/*= 1 */
}
