/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strings as fields of a record: TAB, newline, backslash and other control bytes are written
 * \t \n \\ \xNN, so that no name can break a record or drive a terminal.
 */
#ifndef ETRACE_ESC_H
#define ETRACE_ESC_H

#include <stddef.h>

enum { ESC_MAX = 4 };	/* bytes that one byte becomes at the most */

/* Writes the N bytes at S, escaped, at P, which has room for ESC_MAX * N; returns the byte after. */
char *esc_put(char *p, const char *s, size_t n);

/* The N bytes at S, a field of a record, as the string that they stand for; the caller's to free. */
char *esc_undo(const char *s, size_t n);

#endif
