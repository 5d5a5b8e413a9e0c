/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the process etrace-writer does.
 */
#ifndef ETRACE_WRITER_H
#define ETRACE_WRITER_H

#include "packet.h"

/*
 * The writer: makes packets of what is in the area, until QEMU, whose end QEMU_PIDFD tells, has ended and
 * the area is empty.
 */
void writer_run(const struct area *a, int out, int qemu_pidfd);

/* Writes the counts of the area's first N blocks, with mode=count, to OUT; in the writer, at the end. */
void counts_write(const struct area *a, struct sink *out, uint32_t n);

#endif
