/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Processes that decode, and one that prints what they leave.
 * in:  two traces at once
 * out: all records of the one, then all of the other
 */
#include "decoders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "input.h"

/*
 * Ends the line that a process may have died in.  Were it only ended, its last number could be a part of one;
 * with this the line is no record, or already was a whole one and this is a comment.
 */
static const char cut_mark[] = "# cut short here\n";

void decoders_init(struct decoders *s, const struct service *service, struct out *out, const int *listener,
		const sigset_t *mask)
{
	*s = (struct decoders){ .service = service, .out = out, .listener = listener, .mask = *mask };
	s->print = mmap(NULL, sizeof *s->print, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->print == MAP_FAILED)
		die(ST_SYSTEM, "no memory left");
	for (struct decoder *d = s->decoder; d < s->decoder + DECODERS; d++)
		d->fd = -1;
}

void decoders_free(struct decoders *s)
{
	for (struct decoder *d = s->decoder; d < s->decoder + DECODERS; d++)
		if (d->fd >= 0)
			close(d->fd);
	munmap(s->print, sizeof *s->print);
}

void decoders_note(struct decoders *s, enum status status)
{
	if (status > s->status)
		s->status = status;
}

static bool usable(const struct decoders *s, const struct decoder *d)
{
	return !d->pid && d != s->printed && (!s->holder || d->fd >= 0 || !s->no_spool);
}

bool decoders_room(const struct decoders *s)
{
	for (const struct decoder *d = s->decoder; d < s->decoder + DECODERS; d++)
		if (usable(s, d))
			return true;
	return false;
}

struct decoder *decoders_find(struct decoders *s)
{
	for (struct decoder *d = s->decoder; d < s->decoder + DECODERS; d++) {
		if (!usable(s, d))
			continue;
		if (!s->holder || d->fd >= 0 || (d->fd = spool_new()) >= 0)
			return d;
		s->no_spool = true;
	}
	return NULL;
}

/* Forks; LAST is the signal that the child is sent if this process dies.  0 in the child, -1 after a message. */
static pid_t child(struct decoders *s, int last)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0) {
		warn("%s: cannot start a process: %s", s->service->name, strerror(errno));
		decoders_note(s, ST_SYSTEM);
	}
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, last);
	if (getppid() != parent)
		raise(last);
	if (*s->listener >= 0)
		close(*s->listener);
	signal(SIGCHLD, SIG_DFL);
	input_stop_as_child();
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	return 0;
}

/* How a decoder ends if nothing came. */
enum { NOTHING = 4 };

static noreturn void decode(const struct decoders *s, const struct decoder *d, int fd)
{
	struct out spool, *out = s->out;
	bool good;
	char byte;

	if (!recv(fd, &byte, 1, MSG_PEEK))
		_exit(NOTHING);
	if (d->live) {
		out_flush(out);
	} else {
		out_init(&spool, d->fd, spool_dir());
		out = &spool;
	}
	good = s->service->decode(s->service->arg, fd, out);
	out_close(out);
	exit(good ? ST_OK : ST_INPUT);
}

void decoders_decode(struct decoders *s, struct decoder *d, int fd)
{
	pid_t pid;

	d->live = !s->holder;
	pid = child(s, SIGTERM);
	if (!pid)
		decode(s, d, fd);
	close(fd);
	if (pid < 0)
		return;
	d->pid = pid;
	if (d->live) {
		s->holder = pid;
	} else if (!d->kept) {
		d->kept = true;
		d->since = s->now++;
	}
}

/* The spool that is to be printed next, or NULL. */
static struct decoder *next_spool(struct decoders *s)
{
	struct decoder *best = NULL;

	for (struct decoder *d = s->decoder; d < s->decoder + DECODERS; d++)
		if (d->kept && (!best || (!d->pid && best->pid) || (!d->pid == !best->pid && d->since < best->since)))
			best = d;
	return best;
}

void decoders_print(struct decoders *s)
{
	struct decoder *d = next_spool(s);
	pid_t pid;

	if (s->failed || s->holder || (!d && !s->cut))
		return;
	*s->print = (struct spool_print){ .sent = d ? d->sent : 0, .over = d && !d->pid };
	pid = child(s, SIGKILL);
	if (!pid) {
		if (s->cut)
			out_str(s->out, cut_mark);
		if (d)
			spool_print(d->fd, s->print, s->out);
		out_close(s->out);
		exit(ST_OK);
	}
	if (pid < 0)
		return;
	s->holder = pid;
	s->out->len = 0;	/* the child writes what was there */
	s->printed = d;
	s->cut = false;
}

void decoders_tell(struct decoders *s, int sig)
{
	for (struct decoder *d = s->decoder; d < s->decoder + DECODERS; d++)
		if (d->pid)
			kill(d->pid, sig);
}

static void decoder_ended(struct decoders *s, struct decoder *d, int st)
{
	bool nothing = WIFEXITED(st) && WEXITSTATUS(st) == NOTHING;
	bool whole = nothing || (WIFEXITED(st) && WEXITSTATUS(st) <= ST_INPUT);

	d->pid = 0;
	if (d->live && !nothing)
		s->out->len = 0;	/* it wrote what was there */
	if (nothing) {
		d->kept = d->kept && (d == s->printed || spool_lines(d->fd, 0));
	} else if (WIFEXITED(st)) {
		decoders_note(s, WEXITSTATUS(st));
	} else if (d->live && WTERMSIG(st) == SIGPIPE) {
		s->gone = true;
	} else {
		warn("%s: the process that decoded a trace died: %s; the trace is incomplete", s->service->name,
		     strsignal(WTERMSIG(st)));
		decoders_note(s, ST_INPUT);
	}
	if (!whole && d->live)
		s->cut = true;
	else if (!whole && ftruncate(d->fd, d->sent + spool_lines(d->fd, d->sent)))
		die(ST_SYSTEM, "%s: %s", spool_dir(), strerror(errno));
	if (s->printed == d)
		__atomic_store_n(&s->print->over, true, __ATOMIC_RELEASE);
}

static void printer_ended(struct decoders *s, int st)
{
	struct decoder *d = s->printed;

	s->printed = NULL;
	if (WIFEXITED(st) && !WEXITSTATUS(st)) {
		if (d && ftruncate(d->fd, 0))
			die(ST_SYSTEM, "%s: %s", spool_dir(), strerror(errno));
		if (d) {
			d->sent = 0;
			d->kept = false;
		}
	} else if (WIFEXITED(st)) {
		decoders_note(s, ST_SYSTEM);
		s->failed = true;
	} else if (WTERMSIG(st) == SIGPIPE) {
		s->gone = true;
	} else {
		warn("%s: the process that wrote out a trace died: %s; records may be missing", s->service->name,
		     strsignal(WTERMSIG(st)));
		decoders_note(s, ST_INPUT);
		s->cut = true;
		if (d)
			d->sent = s->print->sent;
	}
}

void decoders_reap(struct decoders *s)
{
	pid_t pid;
	int st;

	while ((pid = waitpid(-1, &st, WNOHANG)) > 0) {
		struct decoder *d = s->decoder;

		while (d < s->decoder + DECODERS && d->pid != pid)
			d++;
		if (d < s->decoder + DECODERS)
			decoder_ended(s, d, st);
		else if (pid == s->holder)
			printer_ended(s, st);
		if (pid == s->holder)
			s->holder = 0;
	}
}

bool decoders_busy(const struct decoders *s)
{
	bool any = s->holder || (s->cut && !s->failed);

	for (const struct decoder *d = s->decoder; d < s->decoder + DECODERS; d++)
		any |= d->pid || (d->kept && !s->failed);
	return any;
}
