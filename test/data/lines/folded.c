/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of the same code, which a linker may fold into one. */
volatile int sink;

int add_one(int x)
{
	sink += x;			/*= 7 */
	return x + 1;			/*= 7 */
}

int add_1(int y)
{
	sink += y;			/*= 7 */
	return y + 1;			/*= 7 */
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		add_one(i);		/*= 3 */
	for (int i = 0; i < 4; i++)
		add_1(i);		/*= 4 */
	return 0;			/*= 1 */
}
