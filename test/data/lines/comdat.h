// SPDX-License-Identifier: GPL-3.0-or-later
// Each unit has a copy of these; the linker keeps one.
extern volatile int sink;

template <class T> struct box {
	T value;
	T add(T x)
	{
		value += x;		/*= 9 */
		sink = value;		/*= 9 */
		return value;
	}
	T never(T x)
	{
		return value - x;	/*= 0 */
	}
};
template struct box<int>;

inline __attribute__((noinline)) int twice(int x)
{
	sink = sink + x;		/*= 5 */
	return 2 * x;
}

int other();
