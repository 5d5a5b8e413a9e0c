/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory shared with the writer, and the writer's life.
 * in:  out=unix:/tmp/s
 * out: an area to fill, and a process that empties it
 */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "say.h"
#include "unix.h"
#include "writer.h"

static size_t counts_size(unsigned n, bool counting)
{
	return counting ? (size_t)n * MAX_BLOCKS * COUNT_WORDS * sizeof(uint64_t) : 0;
}

static size_t area_size(unsigned n, bool counting)
{
	return n * sizeof(struct ring) + MAX_BLOCKS * sizeof(struct block) + counts_size(n, counting) +
	       sizeof(struct shared) + MAX_MAPPINGS * sizeof(struct mapping) + TEXTS_SIZE + CODE_SIZE + 4096;
}

/* The parts of the area, in the mapping at P. */
static struct area area_at(void *p, unsigned n, bool counting)
{
	struct area a = { .ring = p };

	a.block = (struct block *)(a.ring + n);
	if (counting)
		a.count = (uint64_t *)(a.block + MAX_BLOCKS);
	a.s = (struct shared *)((char *)(a.block + MAX_BLOCKS) + counts_size(n, counting));
	a.mapping = (struct mapping *)(a.s + 1);
	a.texts = (char *)(a.mapping + MAX_MAPPINGS);
	a.code = (uint8_t *)(a.texts + TEXTS_SIZE);
	return a;
}

static void *map(void *at, size_t size)
{
	/* Only what is touched costs memory. */
	return mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | (at ? MAP_FIXED : 0),
		    -1, 0);
}

bool link_map(struct link *l, unsigned n, bool counting)
{
	void *p;

	*l = (struct link){ .size = area_size(n, counting) };
	p = map(NULL, l->size);
	if (p == MAP_FAILED) {
		say("no memory for the buffers of %u vCPUs: %s", n, strerror(errno));
		return false;
	}
	l->area = area_at(p, n, counting);
	l->area.s->n_rings = n;
	l->area.s->counting = counting;
	return true;
}

static bool never(void)
{
	return false;
}

/* OUT with %p replaced by the process id; to be freed. */
static char *expand(const char *out)
{
	const char *p = strstr(out, "%p");
	char *name = NULL;

	if (!p)
		return strdup(out);
	return asprintf(&name, "%.*s%ld%s", (int)(p - out), out, (long)getpid(), p + 2) < 0 ? NULL : name;
}

static const char server[] = "server:";

static bool is_server(const char *out)
{
	return !strncmp(out, server, strlen(server));
}

static int open_out(const char *out)
{
	char *name = expand(out), *end;
	int fd = -1;

	if (!name)
		return -1;
	if (!strncmp(name, "unix:", 5)) {
		fd = unix_open(name + 5, never);
	} else if (is_server(name)) {
		fd = unix_connect(name + strlen(server));
	} else if (!strncmp(name, "fd:", 3)) {
		fd = (int)strtol(name + 3, &end, 10);
		if (!name[3] || *end || fcntl(fd, F_GETFD) < 0) {
			say("%s: no such descriptor is open", name);
			fd = -1;
		}
	} else {
		fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (fd < 0)
			say("%s: %s", name, strerror(errno));
	}
	free(name);
	return fd;
}

/* Leaves the writer with what it needs of what it inherited: OUT, QEMU and stderr. */
static void close_others(int *out, int *qemu)
{
	int null;

	*out = fcntl(*out, F_DUPFD_CLOEXEC, 10);
	*qemu = fcntl(*qemu, F_DUPFD_CLOEXEC, *out + 1);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	for (int fd = 3; fd < *qemu; fd++)
		if (fd != *out)
			close(fd);
	close_range((unsigned)*qemu + 1, ~0u, 0);
}

/*
 * The writer is an orphan in a session of its own: neither the guest's wait() nor a ^C at the terminal
 * meets it.
 */
static void become_writer(const struct link *l, int out, int qemu)
{
	static const int ignored[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGXFSZ,
	};
	sigset_t none;

	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	prctl(PR_SET_NAME, "etrace-writer");
	close_others(&out, &qemu);
	writer_run(&l->area, out, qemu);
	l->area.s->done = true;
	_exit(0);
}

bool link_start(struct link *l, const char *out)
{
	struct shared *s = l->area.s;
	int fd = open_out(out), qemu = (int)syscall(SYS_pidfd_open, getpid(), 0);
	pid_t pid;

	if (fd < 0 && is_server(out)) {
		say("the guest goes on, untraced");
		close(qemu);
		return l->discard = true;
	}
	if (fd < 0)
		return false;
	s->closing = s->done = s->failed = false;
	s->writer = 0;
	if (qemu < 0 || (pid = _Fork()) < 0) {
		say("cannot start the writer: %s (Linux 5.3 or later is needed)", strerror(errno));
		return false;
	}
	if (!pid) {
		pid = _Fork();
		if (!pid)
			become_writer(l, fd, qemu);
		s->writer = pid;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	close(fd);
	close(qemu);
	return s->writer > 0;
}

static bool writer_lives(const struct link *l)
{
	return l->area.s->writer > 0 && (!kill(l->area.s->writer, 0) || errno != ESRCH);
}

static void moment(void)
{
	nanosleep(&(struct timespec){ 0, 50000 }, NULL);
}

/* There is no writer any more, or what is to be written is. */
static void lose(struct link *l)
{
	if (!atomic_exchange(&l->discard, true) && !l->area.s->done && !l->area.s->failed)
		say("the trace is incomplete: the process that writes it, etrace-writer, was killed");
}

void link_finish(struct link *l)
{
	struct shared *s = l->area.s;

	if (l->discard)
		return;
	s->closing = true;
	while (!s->done && writer_lives(l))
		moment();
	lose(l);
}

void link_wait(struct link *l)
{
	if (!l->discard && !writer_lives(l))
		lose(l);
	if (!l->discard)
		moment();
}

/* A part of the area that a child goes on with. */
struct part {
	void *at;
	size_t n;		/* bytes */
	void *saved;
};

void link_after_fork(struct link *l, const char *out)
{
	struct area *a = &l->area;
	struct part parts[] = {
		{ .at = a->s, .n = sizeof *a->s },
		{ .at = a->block, .n = a->s->n_blocks * sizeof *a->block },
		{ .at = a->code, .n = a->s->code_used },
		{ .at = a->mapping, .n = a->s->n_mappings * sizeof *a->mapping },
		{ .at = a->texts, .n = a->s->texts_used },
	}, *end = parts + sizeof parts / sizeof *parts;
	bool own;

	for (struct part *p = parts; p < end; p++) {
		p->saved = malloc(p->n + 1);
		if (!p->saved)
			_exit(127);
		memcpy(p->saved, p->at, p->n);
	}
	if (map(a->ring, l->size) == MAP_FAILED)
		_exit(127);
	for (struct part *p = parts; p < end; p++) {
		memcpy(p->at, p->saved, p->n);
		free(p->saved);
	}
	a->s->n_switches = 0;
	own = strstr(out, "%p") || (is_server(out) && !l->discard);
	l->discard = false;
	if (!own || !link_start(l, out))
		l->discard = true;
}
