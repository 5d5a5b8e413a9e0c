/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the plugin and of its writer.
 */
#ifndef ETRACE_SAY_H
#define ETRACE_SAY_H

/* Writes "etrace-plugin: ..." and a newline to stderr; cut to 511 bytes.  Takes no lock and no memory. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
