/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory shared with the writer, and the writer's life.
 * in:  out=unix:/tmp/s
 * out: an area to fill, and a process that empties it
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "plugin.h"
#include "unix.h"

static size_t area_size(unsigned n, bool counting)
{
	size_t size = sizeof(struct shared) + n * sizeof(struct ring) + MAX_BLOCKS * sizeof(struct block) + 4096;

	return counting ? size + (size_t)n * MAX_BLOCKS * COUNT_WORDS * sizeof(uint64_t) : size;
}

/* The parts of the area, in the mapping at P. */
static struct area area_at(void *p, unsigned n, bool counting)
{
	struct area a = { .ring = p };

	a.block = (struct block *)(a.ring + n);
	a.count = counting ? (uint64_t *)(a.block + MAX_BLOCKS) : NULL;
	a.s = (struct shared *)(counting ? (char *)(a.count + (size_t)n * MAX_BLOCKS * COUNT_WORDS) : (char *)(a.block + MAX_BLOCKS));
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

	*l = (struct link){ .size = area_size(n, counting), .to_writer = -1, .from_writer = -1 };
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

static int open_out(const char *out)
{
	char *name = expand(out), *end;
	int fd = -1;

	if (!name)
		return -1;
	if (!strncmp(name, "unix:", 5)) {
		fd = unix_open(name + 5, never);
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

/* Leaves the writer with what it needs of what it inherited: OUT, IN, ALIVE and stderr. */
static void close_others(int *out, int *in, int *alive)
{
	int null;

	*out = fcntl(*out, F_DUPFD_CLOEXEC, 10);
	*in = fcntl(*in, F_DUPFD_CLOEXEC, *out + 1);
	*alive = fcntl(*alive, F_DUPFD_CLOEXEC, *in + 1);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	for (int fd = 3; fd < *out; fd++)
		close(fd);
	for (int fd = *out + 1; fd < *in; fd++)
		close(fd);
	for (int fd = *in + 1; fd < *alive; fd++)
		close(fd);
	close_range((unsigned)*alive + 1, ~0u, 0);
}

/*
 * The writer is an orphan in a session of its own: neither the guest's wait() nor a ^C at the terminal
 * meets it.
 */
static void become_writer(const struct link *l, int out, int in, int alive)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2 };
	sigset_t none;

	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	prctl(PR_SET_NAME, "etrace-writer");
	close_others(&out, &in, &alive);
	writer_run(&l->area, out, in);
	_exit(0);
}

bool link_start(struct link *l, const char *out)
{
	int to[2], from[2], fd = open_out(out);
	pid_t pid;

	if (fd < 0)
		return false;
	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC) || (pid = _Fork()) < 0) {
		say("cannot start the writer: %s", strerror(errno));
		return false;
	}
	if (!pid) {
		if (_Fork() == 0)
			become_writer(l, fd, to[0], from[1]);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	close(fd);
	close(to[0]);
	close(from[1]);
	l->to_writer = to[1];
	l->from_writer = from[0];
	return true;
}

void link_finish(struct link *l)
{
	char c;

	if (l->to_writer < 0)
		return;
	close(l->to_writer);
	while (read(l->from_writer, &c, 1) < 0 && errno == EINTR)
		;
	close(l->from_writer);
	l->to_writer = l->from_writer = -1;
	l->discard = true;
}

void link_wait(struct link *l)
{
	struct pollfd p = { .fd = l->from_writer, .events = POLLIN };
	struct timespec moment = { 0, 50000 };

	if (l->from_writer >= 0 && poll(&p, 1, 0) > 0)
		l->discard = true;
	if (!l->discard)
		nanosleep(&moment, NULL);
}

void link_after_fork(struct link *l, const char *out)
{
	struct area *a = &l->area;
	uint32_t n = a->s->n_blocks;
	struct shared *s = malloc(sizeof *s);
	struct block *block = malloc((n + 1) * sizeof *block);

	if (!s || !block)
		_exit(127);
	memcpy(s, a->s, sizeof *s);
	memcpy(block, a->block, n * sizeof *block);
	if (map(a->ring, l->size) == MAP_FAILED)
		_exit(127);
	s->misc_head = s->misc_tail = 0;
	memcpy(a->s, s, sizeof *s);
	memcpy(a->block, block, n * sizeof *block);
	free(s);
	free(block);
	close(l->to_writer);
	close(l->from_writer);
	l->to_writer = l->from_writer = -1;
	l->discard = !strstr(out, "%p") || !link_start(l, out);
}
