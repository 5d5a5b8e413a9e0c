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
#include <sys/types.h>

/*
 * Connects to the socket PATH, or listens there until someone connects; waits until STOPPED().
 * Removes what it put at PATH, a stale socket in its way, and nothing else.  Returns a descriptor, or -1
 * after a message (no message after a stop).
 */
int unix_open(const char *path, bool (*stopped)(void));

/* Connects to the socket PATH, where someone listens.  A descriptor, or -1 after a message. */
int unix_connect(const char *path);

/* For one that serves many: { .fd = -1 } at first. */
struct unix_socket {
	int fd;			/* connected, or listening; -1 for neither */
	bool listens;
	bool taken;		/* a socket of ours at PATH was taken away, so that another one is about to come */
	dev_t dev;		/* of the socket at PATH, as long as it is there */
	ino_t ino;
};

/* Connects to PATH, or listens there at once.  False after a message, or if STOPPED(). */
bool unix_reach(struct unix_socket *s, const char *path, bool (*stopped)(void));

/* Whether it is still this socket that is at PATH. */
bool unix_is_at(const struct unix_socket *s, const char *path);

/* The next connection to one that listens, or -1 if there is none now. */
int unix_accept(const struct unix_socket *s);

/* Removes a socket that listens from PATH if it is there; who connected before may still be accepted. */
void unix_remove(const struct unix_socket *s, const char *path);

#endif
