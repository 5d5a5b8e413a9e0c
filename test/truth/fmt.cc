// SPDX-License-Identifier: GPL-3.0-or-later
// A part of fmt, in two units, which share its templates: numbers, texts, ranges, and errors thrown
// and caught.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

struct point {
	int x, y;
};

template <> struct fmt::formatter<point> {
	char shape = 'p';

	constexpr auto parse(format_parse_context &c)
	{
		auto i = c.begin();

		if (i != c.end() && (*i == 'p' || *i == 'c'))
			shape = *i++;
		if (i != c.end() && *i != '}')
			throw format_error("what shape is that?");
		return i;
	}

	template <class C> auto format(const point &p, C &c) const
	{
		return shape == 'p' ? format_to(c.out(), "({}, {})", p.x, p.y) :
				      format_to(c.out(), "{}+{}i", p.x, p.y);
	}
};

std::string numbers(int n);

static std::string tried(fmt::string_view f)
{
	try {
		return fmt::format(fmt::runtime(f), point{ 3, 4 }, "text");
	} catch (const fmt::format_error &e) {
		return std::string("error: ") + e.what();
	}
}

int main()
{
	std::map<std::string, std::vector<int>> m = { { "one", { 1 } }, { "many", { 1, 2, 3 } }, { "none", {} } };
	fmt::memory_buffer b;

	for (auto f : { "{}", "{:p} {}", "{:c} {:>10}|", "{0:c}{0:p}", "{:x}", "{1:*^12}|{1:.2}", "{", "{2}", "}", "{:c" })
		puts(tried(f).c_str());
	for (int i = -3; i < 70000; i = i * 7 + 25)
		puts(numbers(i).c_str());
	fmt::format_to(std::back_inserter(b), "{} {}\n", m, fmt::join(m["many"], "; "));
	fwrite(b.data(), 1, b.size(), stdout);
	return 0;
}
