/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of files: compilers write ./a.c and x//a.c and a.c, and a file must have one name.
 */
#ifndef ETRACE_PATH_H
#define ETRACE_PATH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Drops empty and "." components, and a ".." that goes up from the root, in place.  UPS: also each other
 * ".." with the component before it, which is another file if that one is a link.  Returns the new length,
 * which is 0 for "." itself.
 */
size_t path_clean(char *path, bool ups);

/* The last component of PATH, which it is part of. */
const char *path_base(const char *path);

#endif
