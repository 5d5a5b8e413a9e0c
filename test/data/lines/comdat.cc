// SPDX-License-Identifier: GPL-3.0-or-later
#include "comdat.h"

volatile int sink;

int main()
{
	box<int> b = { 1 };

	for (int i = 0; i < 4; i++)
		b.add(i);		/*= 4 */
	b.add(twice(1) + twice(2));	/*= 1 */
	return other() < 0;		/*= 1 */
}
