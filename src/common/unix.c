/* SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "input.h"

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

static bool listen_at(struct listener *l, const char *path)
{
	struct sockaddr_un sa;
	char own[sizeof sa.sun_path];
	struct stat st;

	/* A name beside PATH, not longer than it by more than ".PID": else PATH itself. */
	if (snprintf(own, sizeof own, "%s.%ld", path, (long)getpid()) >= (int)sizeof own)
		strcpy(own, path);
	fill(&sa, own);
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0 || bind(l->fd, (struct sockaddr *)&sa, sizeof sa)) {
		warn("unix:%s: cannot make the socket: %s", path, strerror(errno));
		if (l->fd >= 0)
			close(l->fd);
		return false;
	}
	if (listen(l->fd, 8) || lstat(own, &st) || (strcmp(own, path) && rename(own, path))) {
		warn("unix:%s: cannot listen: %s", path, strerror(errno));
		unlink(own);
		close(l->fd);
		return false;
	}
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	return true;
}

static bool still_ours(const struct listener *l, const char *path)
{
	struct stat st;

	return !lstat(path, &st) && st.st_dev == l->dev && st.st_ino == l->ino;
}

/* What connected, -1 if nothing can any more: PATH is gone or another's, or we are to stop. */
static int wait_accept(const struct listener *l, const char *path)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	int fd = -1;

	while (!input_stopped()) {
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

int unix_open(const char *path)
{
	struct sockaddr_un sa;
	struct listener l;
	int fd, refused = 0;

	if (!fill(&sa, path) || !is_socket(path))
		return -1;
	while (!input_stopped()) {
		if ((fd = try_connect(&sa)) >= 0)
			return fd;
		if (errno != ENOENT && errno != ECONNREFUSED) {
			warn("unix:%s: %s", path, strerror(errno));
			return -1;
		}
		/* One that refuses may be about to listen: give it time. */
		if (errno == ECONNREFUSED && ++refused < PATIENCE) {
			poll(NULL, 0, TICK_MS);
			continue;
		}
		if (!listen_at(&l, path))
			return -1;
		if ((fd = wait_accept(&l, path)) >= 0)
			return fd;
		refused = 0;
		if (!is_socket(path))
			return -1;
	}
	return -1;
}
