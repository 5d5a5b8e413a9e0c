/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Listens at the socket, and starts a decoder for each connection.  This process itself writes nothing and
 * waits for nobody, so that it always hears its children, its clients and signals.
 *
 * in:  connections
 * out: processes that decode them (decoders.h)
 */
#include "serve.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoders.h"
#include "input.h"
#include "unix.h"

enum { TICK_MS = 50 };	/* how often the path is looked at */

struct server {
	const char *path;
	struct decoders decoders;
	struct unix_socket listener;	/* where connections come in; listener.fd is -1 if it is shut */
	struct unix_socket peer;	/* what we connected to */
	const struct decoder *peer_decoder;	/* that decodes what comes from there */
	pid_t peer_pid;			/* and its process; 0 for none */
	int until;			/* as in struct service; -1 once that has ended */
	bool ending;			/* it has */
	bool closing;			/* takes no more than those that connected already */
	bool told;			/* the decoders, that they are to stop */
	sigset_t mask;			/* the signals that are blocked while it waits; else those that it hears are */
};

static void shut(struct server *s)
{
	unix_remove(&s->listener, s->path);
	if (s->listener.fd >= 0)
		close(s->listener.fd);
	s->listener = (struct unix_socket){ .fd = -1, .taken = true };
}

static bool someone_waits(const struct server *s)
{
	struct pollfd p = { .fd = s->listener.fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* Accepts all there is room for.  If PATH is no longer the listener, it is shut after the last. */
static void take(struct server *s)
{
	bool last = s->closing || !unix_is_at(&s->listener, s->path);

	if (last)
		unix_remove(&s->listener, s->path);
	while (someone_waits(s)) {
		struct decoder *d = decoders_find(&s->decoders);
		int fd = d ? unix_accept(&s->listener) : -1;

		if (d && fd < 0)
			poll(NULL, 0, TICK_MS);		/* too many files are open */
		if (fd < 0)
			return;
		decoders_decode(&s->decoders, d, fd);
	}
	if (last)
		shut(s);
}

/*
 * Listens, or connects to who listens there already.  While that one is read it is not connected to again: it
 * may take one connection only, and leave its socket.
 */
static void open_listener(struct server *s)
{
	bool reading = s->peer_pid && s->peer_decoder->pid == s->peer_pid && unix_is_at(&s->peer, s->path);
	struct decoder *d = reading ? NULL : decoders_find(&s->decoders);
	sigset_t blocked;
	bool reached;

	if (!d)
		return;
	sigprocmask(SIG_SETMASK, &s->mask, &blocked);
	reached = unix_reach(&s->listener, s->path, input_stopped);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	if (!reached) {
		s->closing = true;
		if (!input_stopped())
			decoders_note(&s->decoders, ST_INPUT);
	} else if (!s->listener.listens) {
		s->peer = s->listener;
		s->listener.fd = -1;
		decoders_decode(&s->decoders, d, s->peer.fd);
		s->peer_decoder = d;
		s->peer_pid = d->pid;
	}
}

static void on_child(int sig)
{
	(void)sig;
}

static void begin(struct server *s, const struct service *v, struct out *out)
{
	struct sigaction sa = { .sa_handler = on_child };
	sigset_t heard;

	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&heard);
	sigaddset(&heard, SIGCHLD);
	sigaddset(&heard, SIGINT);
	sigaddset(&heard, SIGTERM);
	sigprocmask(SIG_BLOCK, &heard, &s->mask);
	decoders_init(&s->decoders, v, out, &s->listener.fd, &s->mask);
}

static void end(struct server *s)
{
	decoders_free(&s->decoders);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* Ends as a filter does whose reader went away: by SIGPIPE, and silently. */
static noreturn void end_by_pipe(struct server *s)
{
	unix_remove(&s->listener, s->path);
	decoders_tell(&s->decoders, SIGKILL);
	if (s->decoders.holder)
		kill(s->decoders.holder, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
	exit(ST_SYSTEM);
}

/* Notes whether s->until, which can be read, is at its end. */
static void look_whether_over(struct server *s)
{
	char unused[4096];

	if (read(s->until, unused, sizeof unused) > 0)
		return;
	s->until = -1;
	s->ending = true;
}

/*
 * Until a connection comes, a child ends, a signal comes, the reader goes away, the end is to come, or the path is to
 * be looked at.
 */
static void wait_event(struct server *s)
{
	struct pollfd p[] = {
		{ .fd = decoders_room(&s->decoders) ? s->listener.fd : -1, .events = POLLIN },
		{ .fd = s->decoders.out->fd },
		{ .fd = s->until, .events = POLLIN },
	};
	struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };

	if (ppoll(p, 3, &tick, &s->mask) <= 0)
		return;
	s->decoders.gone |= (p[1].revents & POLLERR) != 0;
	if (p[2].revents)
		look_whether_over(s);
}

/* Takes no more, and has the decoders end what they are at. */
static void stop(struct server *s, int sig)
{
	s->closing = s->told = true;
	unix_remove(&s->listener, s->path);
	decoders_tell(&s->decoders, sig);
}

enum status serve(const struct service *v, struct out *out)
{
	struct server s = { .path = v->path, .listener = { .fd = -1 }, .until = v->until };

	begin(&s, v, out);
	while (!s.closing || s.listener.fd >= 0 || decoders_busy(&s.decoders)) {
		if (s.listener.fd < 0 && !s.closing)
			open_listener(&s);
		wait_event(&s);
		decoders_reap(&s.decoders);
		if (s.decoders.gone)
			end_by_pipe(&s);
		if (s.decoders.failed && !s.told) {
			shut(&s);
			stop(&s, SIGTERM);
		}
		if (input_stopped() && !s.told)
			stop(&s, input_stop_signal());
		decoders_print(&s.decoders);
		s.closing |= s.ending && !decoders_busy(&s.decoders);
		if (s.listener.fd >= 0)
			take(&s);
	}
	end(&s);
	return s.decoders.status;
}
