/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens a source by its name and reads it in large blocks.
 * in:  boot.etrace, -, unix:/tmp/s
 * out: bytes
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "unix.h"

static volatile sig_atomic_t stopped;	/* the first signal that did it, or 0 */
static int stop_pipe[2] = { -1, -1 };	/* readable once stopped, so that poll() can wait for that too */

static int open_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		if (!stopped)	/* a FIFO that nobody writes to */
			warn("%s: %s", path, strerror(errno));
		return -1;
	}
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		warn("%s: is a directory, not a file", path);
		close(fd);
		return -1;
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return fd;
}

static int open_unix(const char *path)
{
	return unix_open(path, input_stopped);
}

static int open_stdin(const char *name)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL);

	(void)name;
	if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY) {
		warn("standard input: is not open for reading");
		return -1;
	}
	return STDIN_FILENO;
}

static const struct scheme {
	const char *prefix;
	bool whole;		/* the prefix is the whole name */
	int (*open)(const char *rest);
} schemes[] = {
	{ "-", true, open_stdin },
	{ "unix:", false, open_unix },
	{ "", false, open_file },
};

void input_attach(struct input *in, int fd, const char *name, size_t cap, struct out *tie)
{
	*in = (struct input){ .name = name, .fd = fd, .buf = must_malloc(cap), .cap = cap, .tie = tie };
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
}

bool input_open(struct input *in, const char *name, size_t cap, struct out *tie)
{
	const struct scheme *s = schemes;
	size_t n;
	int fd;

	while (n = strlen(s->prefix), s->whole ? strcmp(name, s->prefix) : strncmp(name, s->prefix, n))
		s++;
	fd = s->open(name + n);
	if (fd < 0)
		return false;
	input_attach(in, fd, s->open == open_stdin ? "standard input" : name, cap, tie);
	return true;
}

/* Whether the writer is gone: what is left of the source has an end, and comes without waiting. */
static bool ended(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDHUP };
	int left;

	if (poll(&p, 1, 0) <= 0)
		return false;
	return p.revents & (POLLHUP | POLLRDHUP) || (!ioctl(fd, FIONREAD, &left) && !left);
}

bool input_waits(const struct input *in)
{
	struct pollfd p[] = { { .fd = in->fd, .events = POLLIN }, { .fd = stop_pipe[0], .events = POLLIN } };

	return poll(p, 2, 0) == 0;
}

/* Waits until a read would not; what was written so far is out before that. */
static void wait_readable(struct input *in)
{
	struct pollfd p[] = { { .fd = in->fd, .events = POLLIN }, { .fd = stop_pipe[0], .events = POLLIN } };

	if (in->tie && in->tie->len && input_waits(in))
		out_flush(in->tie);
	for (int ms = IDLE_MS; in->idle && poll(p, 2, ms) == 0 && in->idle(in->idle_arg); ms = 0)
		;
	if (in->idle && in->tie && in->tie->len && input_waits(in))
		out_flush(in->tie);
	if (stop_pipe[0] >= 0)
		poll(p, 2, -1);
}

bool input_more(struct input *in)
{
	ssize_t n;

	if (in->pos) {
		memmove(in->buf, in->buf + in->pos, in->end - in->pos);
		in->base += in->pos;
		in->end -= in->pos;
		in->pos = 0;
	}
	if (in->end == in->cap) {
		in->cap *= 2;
		in->buf = must_realloc(in->buf, in->cap, 1);
	}
	do {
		wait_readable(in);
		in->stopped = stopped && !in->eof && !ended(in->fd);
		if (in->eof || in->stopped)
			return false;
		n = read(in->fd, in->buf + in->end, in->cap - in->end);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		in->error = errno;
	in->eof = n <= 0;
	if (n > 0)
		in->end += (size_t)n;
	return n > 0;
}

void input_close(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	free(in->buf);
	in->buf = NULL;
}

static void on_stop(int sig)
{
	int e = errno;

	if (!stopped)
		stopped = sig;
	if (write(stop_pipe[1], "", 1) < 0)
		errno = e;
}

static void stop_on_signals(int flags)
{
	struct sigaction sa = { .sa_handler = on_stop, .sa_flags = flags };

	if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK))
		die(ST_SYSTEM, "pipe: %s", strerror(errno));
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

void input_stop_on_signals(void)
{
	stop_on_signals((int)SA_RESETHAND);
}

void input_stop_as_child(void)
{
	close(stop_pipe[0]);
	close(stop_pipe[1]);
	stop_on_signals(0);
}

bool input_stopped(void)
{
	return stopped;
}

int input_stop_signal(void)
{
	return stopped;
}

const char *input_stop_name(void)
{
	return stopped == SIGTERM ? "SIGTERM" : "SIGINT";
}

static void on_interrupt(int sig)
{
	(void)sig;
}

void input_drain_on_interrupt(void)
{
	struct sigaction sa = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND | SA_RESTART }, old;

	if (!sigaction(SIGINT, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(SIGINT, &sa, NULL);
}
