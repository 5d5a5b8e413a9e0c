/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets, and what the writer has instead of malloc() and stdio.
 * in:  type 1, unit 0, 28 bytes
 * out: 01 00 00 00 1c 00 00 00
 */
#include "packet.h"

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "say.h"

noreturn void give_up(const struct area *a, const char *what, const char *why)
{
	say("%s%s; the guest goes on, untraced", what, why);
	a->s->failed = true;
	_exit(1);
}

void *alloc_pages(const struct area *a, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		give_up(a, "no memory to write the trace", "");
	return p;
}

static void write_now(const struct area *a, int fd, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && (errno == EINTR || errno == EAGAIN)) {
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
		} else if (w < 0) {
			if (errno == EPIPE || errno == ECONNRESET)
				give_up(a, "the trace is incomplete: the reader went away", "");
			give_up(a, "the trace is incomplete: it cannot be written: ", strerror(errno));
		} else {
			p += w;
			n -= (size_t)w;
		}
	}
}

void sink_flush(const struct area *a, struct sink *s)
{
	write_now(a, s->fd, s->buf, s->len);
	s->len = 0;
}

void write_all(const struct area *a, struct sink *s, const uint8_t *p, size_t n)
{
	if (n > sizeof s->buf - s->len)
		sink_flush(a, s);
	if (n > sizeof s->buf / 2) {
		sink_flush(a, s);
		write_now(a, s->fd, p, n);
		return;
	}
	memcpy(s->buf + s->len, p, n);
	s->len += n;
}

void packet_header(uint8_t *p, unsigned type, unsigned unit, size_t len)
{
	put_uint(p, 2, type);
	put_uint(p + 2, 2, unit);
	put_uint(p + 4, 4, len);
}
