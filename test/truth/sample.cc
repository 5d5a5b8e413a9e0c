// SPDX-License-Identifier: GPL-3.0-or-later
// What a line's count has to get right, in C++: templates, lambdas, constructors, exceptions.
#include <cstdio>
#include <initializer_list>

struct base {
	int id;

	explicit base(int i) noexcept : id(i)
	{
		made++;
	}
	virtual ~base()
	{
		gone++;
	}
	virtual int area() const
	{
		return 0;
	}
	static int made, gone;
};

int base::made, base::gone;

struct square : virtual base {
	int side;

	square(int i, int s) noexcept : base(i), side(s)
	{
		side += i > 7;
	}
	int area() const override
	{
		return side * side;
	}
};

struct tile : square {
	explicit tile(int s) noexcept : base(7), square(8, s)
	{
		id++;
	}
};

template <typename T, int N>
class stack {
	T item[N];
	int n = 0;

public:
	void push(const T &x)
	{
		if (n == N)
			throw "full";
		item[n++] = x;
	}
	T pop()
	{
		if (!n)
			throw 0;
		return item[--n];
	}
	template <typename F>
	int count(F wanted) const
	{
		int found = 0;

		for (int i = 0; i < n; i++)
			if (wanted(item[i]))
				found++;
		return found;
	}
	const T *begin() const
	{
		return item;
	}
	const T *end() const
	{
		return item + n;
	}
};

template <typename S>
static int drain(S &s)
{
	int n = 0;

	try {
		for (;;) {
			s.pop();
			n++;
		}
	} catch (int) {
		n += 100;
	}
	return n;
}

static int fill(int n)
{
	stack<int, 8> s;
	stack<char, 40> t;
	int sum = 0;

	try {
		for (int i = 0; i < n; i++) {
			t.push('a');
			s.push(i);
		}
	} catch (const char *) {
		sum = 1000;
	}
	for (int x : s)
		sum += x;
	sum += s.count(
		[](int x) {
			return x > 3;
		});
	return sum + drain(s) + drain(t);
}

static int checked(int side)
{
	if (side < 0)
		throw side;
	return side;
}

static int areas(int side)
{
	square s(1, side);
	tile t(checked(side - 2));

	return s.area() + t.area() + t.id;
}

static int make(int side)
{
	try {
		return areas(checked(side));
	} catch (int bad) {
		return bad;
	}
}

int main()
{
	int sum = 0;

	for (int n : {3, 8, 20})
		sum += fill(n);
	for (int side = -1; side < 4; side++)
		sum += make(side);
	std::printf("%d %d %d\n", sum, base::made, base::gone);
	if (sum < 0) {
		base b(3);

		sum = b.area();
	}
	return 0;
}
