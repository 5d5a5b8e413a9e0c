/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A UNIX stream socket between two programs that each may start first.
 *
 * The emulator connects to PATH and, failing that, unlinks it, binds, listens and takes one
 * connection.  So does unix_open(), without the races: it binds under another name and links, so that
 * its socket at PATH always listens and never replaces one; it looks whether PATH is still its own
 * while it waits, and connects when it is not.
 */
#ifndef ETRACE_UNIX_H
#define ETRACE_UNIX_H

#include <stdbool.h>

/*
 * Connects to the socket PATH, or listens there until someone connects; waits until STOPPED().
 * Removes what it put at PATH, a stale socket in its way, and nothing else.  Returns a descriptor, or -1 after a message (no message after a stop).
 */
int unix_open(const char *path, bool (*stopped)(void));

#endif
