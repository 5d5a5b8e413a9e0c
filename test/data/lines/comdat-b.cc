// SPDX-License-Identifier: GPL-3.0-or-later
#include "comdat.h"

int other()
{
	box<int> b = { 2 };

	for (int i = 0; i < 3; i++)
		b.add(twice(i));	/*= 3 */
	return b.add(1);		/*= 1 */
}
