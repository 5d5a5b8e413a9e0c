/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One source in two units: built with -DNAME=one and -DNAME=two, and -DMAIN once. */
volatile int sink;

int NAME(int n)
{
	while (n--)
		sink += n;		/*= 7 */
	return sink;			/*= 3 */
}

#ifdef MAIN
int two(int n);

int main(void)
{
	one(4);				/*= 1 */
	one(1);				/*= 1 */
	two(2);				/*= 1 */
	return 0;			/*= 1 */
}
#endif
