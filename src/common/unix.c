/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A UNIX stream socket, whichever side starts first.
 * in:  /tmp/s
 * out: a connected descriptor
 */
#include "unix.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "die.h"

enum {
	TICK_MS = 50,		/* how often the path is looked at while waiting */
	PATIENCE = 20,		/* ticks before a socket that refuses is taken for a stale one */
};

struct listener {
	int fd;
	dev_t dev;
	ino_t ino;
};

static bool fill(struct sockaddr_un *sa, const char *path)
{
	*sa = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!*path || strlen(path) >= sizeof sa->sun_path) {
		warn("unix:%s: a socket's path has 1 to %zu bytes", path, sizeof sa->sun_path - 1);
		return false;
	}
	strcpy(sa->sun_path, path);
	return true;
}

/* A descriptor, or -1 with errno. */
static int try_connect(const struct sockaddr_un *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), e;

	if (fd < 0)
		return -1;
	if (!connect(fd, (const struct sockaddr *)sa, sizeof *sa))
		return fd;
	e = errno;
	close(fd);
	errno = e;
	return -1;
}

static bool cannot(const char *path, const char *what, int fd)
{
	warn("unix:%s: cannot %s: %s", path, what, strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}

/*
 * Puts a socket that listens at PATH, unless something is there: then l->fd is -1.  False after a
 * message.
 */
static bool listen_at(struct listener *l, const char *path)
{
	struct sockaddr_un sa;
	char own[sizeof sa.sun_path];
	struct stat st;
	int e;

	if (snprintf(own, sizeof own, "%s.%ld", path, (long)getpid()) >= (int)sizeof own || !fill(&sa, own)) {
		warn("unix:%s: a path this long has no room for a name beside it; take a shorter one", path);
		return false;
	}
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0 || bind(l->fd, (struct sockaddr *)&sa, sizeof sa))
		return cannot(path, "make the socket", l->fd);
	if (listen(l->fd, 8) || lstat(own, &st)) {
		unlink(own);
		return cannot(path, "listen", l->fd);
	}
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	/* Unlike rename(), link() never replaces what the other side put there in the meantime. */
	e = link(own, path) ? errno : 0;
	unlink(own);
	errno = e;
	if (e && e != EEXIST)
		return cannot(path, "make the socket", l->fd);
	if (e) {
		close(l->fd);
		l->fd = -1;
	}
	return true;
}

static bool still_ours(const struct listener *l, const char *path)
{
	struct stat st;

	return !lstat(path, &st) && st.st_dev == l->dev && st.st_ino == l->ino;
}

/* What connected, -1 if nothing can any more: PATH is gone or another's, or we are to stop. */
static int wait_accept(const struct listener *l, const char *path, bool (*stopped)(void))
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	int fd = -1;

	while (!stopped()) {
		if (poll(&p, 1, TICK_MS) > 0 && (fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
			break;
		if (!still_ours(l, path))
			break;
	}
	if (still_ours(l, path))
		unlink(path);
	close(l->fd);
	return fd;
}

static bool is_socket(const char *path)
{
	struct stat st;

	if (stat(path, &st) || S_ISSOCK(st.st_mode))
		return true;
	warn("unix:%s: is there and is not a socket; name another path, or remove it", path);
	return false;
}

/*
 * Connects, as soon as that is possible, within PATIENCE: a socket that refuses may be about to
 * listen, and where ours was taken away another is about to come.  MISSING_TOO: be as patient with
 * a path where nothing is.  A descriptor, or -1 with errno.
 */
static int connect_patiently(const struct sockaddr_un *sa, bool missing_too, bool (*stopped)(void))
{
	int fd = -1, e;

	for (int i = 0; i < PATIENCE && !stopped(); i++) {
		fd = try_connect(sa);
		if (fd >= 0 || (errno != ECONNREFUSED && !(errno == ENOENT && missing_too)))
			break;
		e = errno;
		poll(NULL, 0, TICK_MS);
		errno = e;
	}
	return fd;
}

int unix_open(const char *path, bool (*stopped)(void))
{
	struct sockaddr_un sa;
	struct listener l;
	bool taken = false;
	int fd;

	if (!fill(&sa, path))
		return -1;
	for (; !stopped(); taken = true) {
		if (!is_socket(path))
			return -1;
		if ((fd = connect_patiently(&sa, taken, stopped)) >= 0)
			return fd;
		if (errno != ENOENT && errno != ECONNREFUSED) {
			cannot(path, "connect", -1);
			return -1;
		}
		if (errno == ECONNREFUSED && !stopped() && is_socket(path))
			unlink(path);		/* a stale one */
		if (!listen_at(&l, path))
			return -1;
		if (l.fd >= 0 && (fd = wait_accept(&l, path, stopped)) >= 0)
			return fd;
	}
	return -1;
}
