/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A door at the socket, and a desk for each who comes in.  This process itself writes nothing and waits for
 * nobody, so that it always hears its children, its clients and signals.
 *
 * in:  connections
 * out: processes that decode them (desks.h)
 */
#include "serve.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desks.h"
#include "input.h"
#include "unix.h"

enum { TICK_MS = 50 };	/* how often the path is looked at */

struct server {
	const char *path;
	struct desks desks;
	struct unix_socket door;	/* where connections come in; door.fd is -1 if it is shut */
	struct unix_socket peer;	/* what we connected to */
	const struct desk *guest;	/* where that is decoded */
	pid_t guest_pid;		/* and by which process; 0 for none */
	bool closing;			/* takes no more than those that connected already */
	bool told;			/* the decoders, that they are to stop */
	sigset_t mask;			/* the signals that are blocked while it waits; else those that it hears are */
};

static void shut(struct server *s)
{
	unix_remove(&s->door, s->path);
	if (s->door.fd >= 0)
		close(s->door.fd);
	s->door = (struct unix_socket){ .fd = -1, .taken = true };
}

static bool someone_waits(const struct server *s)
{
	struct pollfd p = { .fd = s->door.fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* Accepts all there is room for.  Where the door is not to be found any more, it is shut behind the last. */
static void take(struct server *s)
{
	bool last = s->closing || !unix_is_at(&s->door, s->path);

	while (someone_waits(s)) {
		struct desk *d = desks_find(&s->desks);
		int fd = d ? unix_accept(&s->door) : -1;

		if (d && fd < 0)
			poll(NULL, 0, TICK_MS);		/* too many files are open */
		if (fd < 0)
			return;
		desks_decode(&s->desks, d, fd);
	}
	if (last)
		shut(s);
}

/*
 * Listens, or connects to who listens there already.  While that one is read it is not connected to again: it
 * may take one connection only, and leave its socket.
 */
static void open_door(struct server *s)
{
	bool reading = s->guest_pid && s->guest->pid == s->guest_pid && unix_is_at(&s->peer, s->path);
	struct desk *d = reading ? NULL : desks_find(&s->desks);
	sigset_t blocked;
	bool reached;

	if (!d)
		return;
	sigprocmask(SIG_SETMASK, &s->mask, &blocked);
	reached = unix_reach(&s->door, s->path, input_stopped);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	if (!reached) {
		s->closing = true;
		if (!input_stopped())
			desks_note(&s->desks, ST_INPUT);
	} else if (!s->door.listens) {
		s->peer = s->door;
		s->door.fd = -1;
		desks_decode(&s->desks, d, s->peer.fd);
		s->guest = d;
		s->guest_pid = d->pid;
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

	out_flush(out);
	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&heard);
	sigaddset(&heard, SIGCHLD);
	sigaddset(&heard, SIGINT);
	sigaddset(&heard, SIGTERM);
	sigprocmask(SIG_BLOCK, &heard, &s->mask);
	desks_init(&s->desks, v, out, &s->door.fd, &s->mask);
}

static void end(struct server *s)
{
	desks_free(&s->desks);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* Ends as a filter does whose reader went away: by SIGPIPE, and silently. */
static noreturn void end_by_pipe(struct server *s)
{
	unix_remove(&s->door, s->path);
	desks_tell(&s->desks, SIGKILL);
	if (s->desks.holder)
		kill(s->desks.holder, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
	exit(ST_SYSTEM);
}

/* Until a connection comes, a child ends, a signal comes, the reader goes away, or the path is to be looked at. */
static void wait_event(struct server *s)
{
	struct pollfd p[] = {
		{ .fd = desks_room(&s->desks) ? s->door.fd : -1, .events = POLLIN },
		{ .fd = s->desks.out->fd },
	};
	struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };

	ppoll(p, 2, &tick, &s->mask);
	s->desks.gone |= (p[1].revents & POLLERR) != 0;
}

/* Takes no more, and has the decoders end what they are at. */
static void stop(struct server *s, int sig)
{
	s->closing = s->told = true;
	unix_remove(&s->door, s->path);
	desks_tell(&s->desks, sig);
}

enum status serve(const struct service *v, struct out *out)
{
	struct server s = { .path = v->path, .door = { .fd = -1 } };

	begin(&s, v, out);
	while (!s.closing || s.door.fd >= 0 || desks_busy(&s.desks)) {
		if (s.door.fd < 0 && !s.closing)
			open_door(&s);
		wait_event(&s);
		desks_reap(&s.desks);
		if (s.desks.gone)
			end_by_pipe(&s);
		if (s.desks.failed && !s.told) {
			shut(&s);
			stop(&s, SIGTERM);
		}
		if (input_stopped() && !s.told)
			stop(&s, input_stop_signal());
		desks_print(&s.desks);
		if (s.door.fd >= 0)
			take(&s);
	}
	end(&s);
	return s.desks.status;
}
