/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps records on disk until the output is free.
 * in:  E records of a trace that came while another one was written
 * out: the same, later
 */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"

enum {
	CHUNK = OUT_SIZE,
	TICK_MS = 20,	/* how often a file is looked at that another process appends to */
};

const char *spool_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

int spool_new(void)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/etrace-cat.XXXXXX", spool_dir()) < 0)
		die(ST_SYSTEM, "no memory left");
	fd = mkostemp(path, O_APPEND | O_CLOEXEC);
	if (fd < 0)
		warn("%s: cannot make a file: %s; traces are taken one at a time (TMPDIR says where)", spool_dir(),
		     strerror(errno));
	else
		unlink(path);
	free(path);
	return fd;
}

/* Fills BUF from AT on; the program ends if it cannot. */
static size_t read_at(int fd, char *buf, size_t size, off_t at)
{
	ssize_t n;

	while ((n = pread(fd, buf, size, at)) < 0 && errno == EINTR)
		;
	if (n < 0)
		die(ST_SYSTEM, "%s: %s", spool_dir(), strerror(errno));
	return (size_t)n;
}

off_t spool_lines(int fd, off_t from)
{
	char buf[4096];
	struct stat st;
	off_t end;

	if (fstat(fd, &st))
		die(ST_SYSTEM, "%s: %s", spool_dir(), strerror(errno));
	for (end = st.st_size; end > from;) {
		size_t n = end - from < (off_t)sizeof buf ? (size_t)(end - from) : sizeof buf;
		const char *nl = memrchr(buf, '\n', read_at(fd, buf, n, end - (off_t)n));

		end -= (off_t)n;
		if (nl)
			return end + (nl - buf) + 1 - from;
	}
	return 0;
}

/* Prints N bytes, whole lines. */
static void print(int fd, struct spool_print *p, off_t n, struct out *o)
{
	static char buf[CHUNK];

	while (n) {
		size_t got = read_at(fd, buf, n < CHUNK ? (size_t)n : CHUNK, p->sent);
		const char *nl = memrchr(buf, '\n', got);

		if (nl)
			got = (size_t)(nl + 1 - buf);
		p->sent += (off_t)got;
		n -= (off_t)got;
		out_mem(o, buf, got);
		out_flush(o);
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, p->sent);	/* where that is possible */
	}
}

void spool_print(int fd, struct spool_print *p, struct out *o)
{
	for (;;) {
		bool over = __atomic_load_n(&p->over, __ATOMIC_ACQUIRE);
		off_t n = spool_lines(fd, p->sent);

		print(fd, p, n, o);
		if (over)
			return;
		if (!n)
			poll(NULL, 0, TICK_MS);
	}
}
