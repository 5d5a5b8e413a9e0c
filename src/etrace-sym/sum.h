/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of 64 bits that nearly any change of what they are of changes: against damage, not against malice.  They differ
 * between hosts of different byte order.
 */
#ifndef ETRACE_SYM_SUM_H
#define ETRACE_SYM_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t sum_text(const char *text);

/* That of the first N bytes of the file FD; false if it has fewer. */
bool sum_file(int fd, uint64_t n, uint64_t *sum);

/* Reads N bytes of the file FD at AT; false if there are fewer. */
bool read_all(int fd, char *p, size_t n, uint64_t at);

#endif
