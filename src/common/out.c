/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Buffered output in blocks of OUT_SIZE.
 * in:  out_field(o, "a\tb", 3); out_char(o, '\n')
 * out: a\tb
 */
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "die.h"
#include "esc.h"
#include "num.h"

void out_init(struct out *o, int fd, const char *name)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		die(ST_SYSTEM, "%s: is not open for writing", name);
	*o = (struct out){ .buf = must_malloc(OUT_SIZE), .fd = fd, .name = name };
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
}

static void fail(struct out *o)
{
	if (errno == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	die(ST_SYSTEM, "%s: %s; what was written is incomplete", o->name, strerror(errno));
}

void out_to(struct out *o, void (*sink)(void *arg, const char *p, size_t n), void *arg)
{
	*o = (struct out){ .buf = must_malloc(OUT_SIZE), .fd = -1, .sink = sink, .arg = arg };
}

void out_free(struct out *o)
{
	free(o->buf);
	o->buf = NULL;
}

static void write_all(struct out *o, const char *p, size_t n)
{
	if (o->sink) {
		o->sink(o->arg, p, n);
		return;
	}
	while (n) {
		ssize_t w = write(o->fd, p, n);

		if (w < 0 && errno != EINTR)
			fail(o);
		if (w > 0) {
			p += w;
			n -= (size_t)w;
		}
	}
}

void out_flush(struct out *o)
{
	write_all(o, o->buf, o->len);
	o->len = 0;
}

void out_close(struct out *o)
{
	out_flush(o);
	if (close(o->fd))
		fail(o);
	free(o->buf);
	o->buf = NULL;
}

void out_mem(struct out *o, const void *p, size_t n)
{
	if (o->len + n > OUT_SIZE)
		out_flush(o);
	if (n > OUT_SIZE) {
		write_all(o, p, n);
		return;
	}
	if (n)
		memcpy(o->buf + o->len, p, n);
	o->len += n;
}

/* The same by way of the buffer, for what sendfile(2) does not do. */
static bool copy_by_buffer(struct out *o, int fd, uint64_t at, uint64_t n)
{
	while (n) {
		size_t part = n < OUT_SIZE ? (size_t)n : OUT_SIZE;
		ssize_t r = pread(fd, out_room(o, OUT_SIZE), part, (off_t)at);

		if (!r || (r < 0 && errno != EINTR))
			return false;
		if (r > 0) {
			o->len = (size_t)r;
			out_flush(o);
			at += (uint64_t)r;
			n -= (uint64_t)r;
		}
	}
	return true;
}

bool out_copy(struct out *o, int fd, uint64_t n)
{
	off_t at = 0;

	out_flush(o);
	while ((uint64_t)at < n) {
		ssize_t w = sendfile(o->fd, fd, &at, n - (uint64_t)at);

		if (w < 0 && errno == EPIPE)
			fail(o);
		if (!w || (w < 0 && errno != EINTR))
			return copy_by_buffer(o, fd, (uint64_t)at, n - (uint64_t)at);
	}
	return true;
}

void out_str(struct out *o, const char *s)
{
	out_mem(o, s, strlen(s));
}

void out_char(struct out *o, char c)
{
	*out_room(o, 1) = c;
	o->len++;
}

void out_dec(struct out *o, uint64_t v)
{
	out_upto(o, num_dec(out_room(o, NUM_MAX), v));
}

void out_hex(struct out *o, uint64_t v)
{
	out_upto(o, num_hex(out_room(o, NUM_MAX), v));
}

void out_field(struct out *o, const char *s, size_t n)
{
	if (!n)
		out_char(o, '-');
	while (n) {
		size_t piece = n < OUT_SIZE / ESC_MAX ? n : OUT_SIZE / ESC_MAX;

		out_upto(o, esc_put(out_room(o, piece * ESC_MAX), s, piece));
		s += piece;
		n -= piece;
	}
}

void out_printf(struct out *o, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		die(ST_SYSTEM, "no memory left");
	out_mem(o, s, (size_t)n);
	free(s);
}
