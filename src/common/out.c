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

noreturn void out_fail(const struct out *o, int error)
{
	if (error == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	die(ST_SYSTEM, "%s: %s; what was written is incomplete", o->name, strerror(error));
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

void out_write(struct out *o, const char *p, size_t n)
{
	if (o->copy && out_holds(o, p, n))
		return;
	if (o->sink) {
		o->sink(o->arg, p, n);
		return;
	}
	while (n) {
		ssize_t w = write(o->fd, p, n);

		if (w < 0 && errno != EINTR)
			out_fail(o, errno);
		if (w > 0) {
			p += w;
			n -= (size_t)w;
		}
	}
}

void out_flush(struct out *o)
{
	out_write(o, o->buf, o->len);
	o->len = 0;
}

void out_close(struct out *o)
{
	out_flush(o);
	out_copied(o);
	if (close(o->fd))
		out_fail(o, errno);
	free(o->buf);
	o->buf = NULL;
}

void out_mem(struct out *o, const void *p, size_t n)
{
	if (o->len + n > OUT_SIZE)
		out_flush(o);
	if (n > OUT_SIZE) {
		out_write(o, p, n);
		return;
	}
	if (n)
		memcpy(o->buf + o->len, p, n);
	o->len += n;
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
