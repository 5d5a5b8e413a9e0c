// SPDX-License-Identifier: GPL-3.0-or-later
// The other unit of fmt.cc.
#include <fmt/format.h>

#include <string>

std::string numbers(int n)
{
	std::string s = fmt::format("{} {:#x} {:o} {:+d} {:08b} {:<6}|", n, n, n, n, n & 255, n);

	for (int width = 3; width < 9; width += 3)
		s += fmt::format("{:{}}|{:{}.{}f}|", n, width, n / 7.0, width + 4, width / 3);
	if (n > 1000)
		s += fmt::format("{:e} {:g} {} {:L}", n * 1e10, n / 3.0, n / 16.0f, n);
	return s;
}
