/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of files and functions, each once, as they stand in a record: paths without needless "./"
 * and "x/../", C++ and Rust names demangled, control bytes escaped.
 */
#ifndef ETRACE_SYM_NAMES_H
#define ETRACE_SYM_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct names;

enum { NAME_NONE = 0 };		/* the name "-" */

/* DEMANGLE: whether name_func() does. */
struct names *names_new(bool demangle);
void names_free(struct names *n);

/* Strings that were given are no longer where they were; numbers stay. */
void names_forget(struct names *n);

/*
 * The number of a path or of a function's linkage name.  The string at S must stay where it is, and
 * as it is, as long as N lives: it is known again by its address.  NULL is NAME_NONE.
 */
uint32_t name_file(struct names *n, const char *s);
uint32_t name_func(struct names *n, const char *s);

/* The text of a name; valid until the next name is added. */
const char *name_text(const struct names *n, uint32_t id, size_t *len);

#endif
