/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shared library, and the program that calls it through stubs, and is called back by it. */
#define FUNCTION __attribute__((noipa))

int callback(int n);
int shared(int n);
int shared_leaf(int n);
int tail(int n);

#ifdef LIBRARY

FUNCTION int shared_leaf(int n)
{
	return n + 1;
}

FUNCTION int shared(int n)
{
	return callback(n) + shared_leaf(n);
}

/* A jump to a stub, with -O2. */
FUNCTION int tail(int n)
{
	return shared_leaf(n);
}

#else

FUNCTION int callback(int n)
{
	return n ? shared(n - 1) : 0;
}

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 5; i++)
		sum += shared(i) + tail(i);
	return sum != 35 + 15;
}

#endif
