// SPDX-License-Identifier: GPL-3.0-or-later
// Included first: no extern templates, so that all code of std::string and others is the program's own,
// and counted by gcov, and not a shared library's at -O0 and the program's where it is inlined.
#include <bits/c++config.h>
#undef _GLIBCXX_EXTERN_TEMPLATE
#define _GLIBCXX_EXTERN_TEMPLATE 0
