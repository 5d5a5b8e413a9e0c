// SPDX-License-Identifier: GPL-3.0-or-later
// Exceptions through several frames, with cleanups on the way, caught, thrown again, and thrown in a handler.
#include <stdexcept>

#define FUNCTION __attribute__((noipa)) static

static volatile int seen;

struct guard {
	__attribute__((noipa)) guard() { seen++; }
	__attribute__((noipa)) ~guard() { seen++; }
};

// With C linkage, so that their names are plain.
extern "C" {

FUNCTION int after(int n)
{
	seen++;
	return n;
}

FUNCTION int fails(int n)
{
	if (n % 3 == 0)
		throw n;
	if (n % 3 == 1)
		throw std::runtime_error("one");
	return after(n);
}

FUNCTION int cleans(int n)
{
	guard g;
	int r = fails(n);

	return after(r);
}

// Nothing to clean, and nothing caught.
FUNCTION int passes(int n)
{
	int r = cleans(n);

	seen++;
	return r;
}

FUNCTION int again(int n)
{
	guard g;

	try {
		return passes(n) + 1;
	} catch (const std::exception &e) {
		after(1);
		throw;
	}
}

FUNCTION int changes(int n)
{
	try {
		return again(n) + 1;
	} catch (const std::runtime_error &e) {
		after(2);
		throw 'c';
	}
}

FUNCTION int catches(int n)
{
	int r;

	try {
		r = changes(n);
	} catch (int) {
		r = after(-1);
	} catch (char) {
		r = after(-2);
	}
	return after(r);
}

FUNCTION int deep(int n)
{
	guard g;
	int r = 0;

	if (n == 0)
		throw 1L;
	r = deep(n - 1);
	seen++;
	return r;
}

FUNCTION int bottom()
{
	try {
		return deep(9);
	} catch (long) {
		return after(3);
	}
}

}

int main()
{
	int sum = 0;

	for (int i = 0; i < 9; i++)
		sum += catches(i);
	sum += bottom() + after(0);
	return sum != 2 + 5 + 8 + 3 * 2 + 3 * -1 + 3 * -2 + 3;
}
