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
 * Puts a socket that listens at PATH, unless something is there: then s->fd is -1.  False after a
 * message.
 */
static bool listen_at(struct unix_socket *s, const char *path)
{
	struct sockaddr_un sa;
	char own[sizeof sa.sun_path];
	struct stat st;
	int e;

	if (snprintf(own, sizeof own, "%s.%ld", path, (long)getpid()) >= (int)sizeof own || !fill(&sa, own)) {
		warn("unix:%s: a path this long has no room for a name beside it; take a shorter one", path);
		return false;
	}
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&sa, sizeof sa))
		return cannot(path, "make the socket", s->fd);
	if (listen(s->fd, SOMAXCONN) || lstat(own, &st)) {
		unlink(own);
		return cannot(path, "listen", s->fd);
	}
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	/* Unlike rename(), link() never replaces what the other side put there in the meantime. */
	e = link(own, path) ? errno : 0;
	unlink(own);
	errno = e;
	if (e && e != EEXIST)
		return cannot(path, "make the socket", s->fd);
	if (e) {
		close(s->fd);
		s->fd = -1;
	}
	return true;
}

bool unix_is_at(const struct unix_socket *s, const char *path)
{
	struct stat st;

	return !lstat(path, &st) && st.st_dev == s->dev && st.st_ino == s->ino;
}

int unix_accept(const struct unix_socket *s)
{
	return accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
}

void unix_remove(const struct unix_socket *s, const char *path)
{
	if (s->listens && unix_is_at(s, path))
		unlink(path);
}

/* What connected, -1 if nothing can any more: PATH is gone or another's, or we are to stop. */
static int wait_accept(struct unix_socket *s, const char *path, bool (*stopped)(void))
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	int fd = -1;

	while (!stopped()) {
		if (poll(&p, 1, TICK_MS) > 0 && (fd = unix_accept(s)) >= 0)
			break;
		if (!unix_is_at(s, path))
			break;
	}
	unix_remove(s, path);
	close(s->fd);
	s->taken = true;
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

/* Notes which socket it is that was connected to. */
static bool connected(struct unix_socket *s, const char *path)
{
	struct stat st;

	if (!lstat(path, &st)) {
		s->dev = st.st_dev;
		s->ino = st.st_ino;
	}
	return true;
}

bool unix_reach(struct unix_socket *s, const char *path, bool (*stopped)(void))
{
	struct sockaddr_un sa;

	s->listens = false;
	s->fd = -1;
	if (!fill(&sa, path))
		return false;
	for (; !stopped() && is_socket(path); s->taken = true) {
		if ((s->fd = connect_patiently(&sa, s->taken, stopped)) >= 0)
			return connected(s, path);
		if (stopped())
			break;
		if (errno != ENOENT && errno != ECONNREFUSED)
			return cannot(path, "connect", -1);
		if (errno == ECONNREFUSED && is_socket(path))
			unlink(path);		/* a stale one */
		if (!listen_at(s, path))
			break;
		if (s->fd >= 0)
			return s->listens = true;
	}
	s->fd = -1;
	return false;
}

int unix_connect(const char *path)
{
	struct sockaddr_un sa;
	int fd = -1;

	if (!fill(&sa, path))
		return -1;
	while ((fd = try_connect(&sa)) < 0 && errno == EINTR)
		;
	if (fd < 0)
		cannot(path, "connect", -1);
	return fd;
}

int unix_open(const char *path, bool (*stopped)(void))
{
	struct unix_socket s = { .fd = -1 };

	while (unix_reach(&s, path, stopped)) {
		int fd = s.listens ? wait_accept(&s, path, stopped) : s.fd;

		if (fd >= 0)
			return fd;
	}
	return -1;
}
