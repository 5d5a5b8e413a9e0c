/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copies a file to the output in a thread, while the program goes on.
 * in:  a map that was kept, of 200 MB; and what is written meanwhile
 * out: the map, then the rest
 */
#include "out.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "die.h"

enum { HELD_MAX = 64 << 20 };	/* bytes that are kept meanwhile, at the most */

struct out_copy {
	pthread_t thread;
	atomic_bool done;
	int from, to;
	void (*sink)(void *arg, const char *p, size_t n);	/* instead of TO; or NULL */
	void *arg;
	uint64_t n;		/* bytes that are to be copied */
	int error;		/* of writing: errno */
	bool cut;		/* there were fewer */
	char *held;		/* written meanwhile */
	size_t n_held, cap;
};

static void put(struct out_copy *c, const char *p, size_t n)
{
	if (c->sink)
		c->sink(c->arg, p, n);
	while (!c->sink && n && !c->error) {
		ssize_t w = write(c->to, p, n);

		c->error = w < 0 && errno != EINTR ? errno : 0;
		p += w > 0 ? w : 0;
		n -= w > 0 ? (size_t)w : 0;
	}
}

/* The bytes from AT on by way of a buffer, for what sendfile(2) does not do. */
static void copy_by_buffer(struct out_copy *c, off_t at)
{
	char buf[65536];

	while ((uint64_t)at < c->n && !c->error) {
		uint64_t left = c->n - (uint64_t)at;
		ssize_t r = pread(c->from, buf, left < sizeof buf ? (size_t)left : sizeof buf, at);

		c->cut = !r || (r < 0 && errno != EINTR);
		if (c->cut)
			return;
		if (r > 0)
			put(c, buf, (size_t)r);
		at += r > 0 ? r : 0;
	}
}

static void *copy(void *arg)
{
	struct out_copy *c = arg;
	off_t at = 0;
	ssize_t w = 1;

	while (!c->sink && (uint64_t)at < c->n && (w > 0 || (w < 0 && errno == EINTR)))
		w = sendfile(c->to, c->from, &at, c->n - (uint64_t)at);
	if (w < 0 && errno == EPIPE)
		c->error = EPIPE;
	else
		copy_by_buffer(c, at);
	c->done = true;
	return NULL;
}

void out_copy(struct out *o, int fd, uint64_t n)
{
	struct out_copy *c = must_calloc(1, sizeof *c);
	sigset_t all, was;

	out_flush(o);
	out_copied(o);
	c->from = fd;
	c->to = o->fd;
	c->sink = o->sink;
	c->arg = o->arg;
	c->n = n;
	/* Signals are for the thread that reads. */
	sigfillset(&all);
	sigdelset(&all, SIGPIPE);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	o->copy = c;
	if (pthread_create(&c->thread, NULL, copy, c)) {
		copy(c);
		c->thread = pthread_self();
	}
	pthread_sigmask(SIG_SETMASK, &was, NULL);
}

bool out_holds(struct out *o, const char *p, size_t n)
{
	struct out_copy *c = o->copy;

	if (c->done || n > HELD_MAX - c->n_held) {
		out_copied(o);
		return false;
	}
	if (c->n_held + n > c->cap) {
		c->cap = (c->n_held + n) * 2;
		c->held = must_realloc(c->held, c->cap, 1);
	}
	memcpy(c->held + c->n_held, p, n);
	c->n_held += n;
	return true;
}

bool out_copied(struct out *o)
{
	struct out_copy *c = o->copy;

	if (!c)
		return !o->cut;
	if (!pthread_equal(c->thread, pthread_self()))
		pthread_join(c->thread, NULL);
	if (c->error)
		out_fail(o, c->error);
	close(c->from);
	o->copy = NULL;
	o->cut |= c->cut;
	if (c->cut)
		out_write(o, "\n", 1);		/* ends the line that it was cut off in */
	if (c->n_held)
		out_write(o, c->held, c->n_held);
	free(c->held);
	free(c);
	return !o->cut;
}
