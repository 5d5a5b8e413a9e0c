/* SPDX-License-Identifier: GPL-3.0-or-later */
int kept(int);
int gone(int x)
{
	return x + 1;
}
void _start(void)
{
	for (;;)
		kept(1);
}
