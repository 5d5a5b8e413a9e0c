/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several blocks in one line, which only discriminators tell apart. */
volatile int sink;

static __attribute__((noinline)) int f(int x) { return x & 1 ? sink : -sink; }	/*= 8 */

int main(void)
{
	for (int i = 0; i < 4; i++) sink += f(i);			/*= 5 */
	for (int i = 0; i < 4; i++) if (f(i) > 100) sink = 3;		/*= 5 */
	sink = sink > 1000 ? f(1) : 7;					/*= 1 */
	return 0;							/*= 1 */
}
