/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes files whole or not at all.
 * in:  cov.info
 * out: cov.info.tmp1234, renamed to cov.info
 */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"

struct target {
	struct out out;
	char *path;
	char *tmp;		/* what is to become PATH, or NULL */
};

static void remove_tmp(int status, void *target)
{
	const struct target *t = target;

	(void)status;
	if (t->tmp)
		unlink(t->tmp);
}

struct target *target_new(void)
{
	struct target *t = must_calloc(1, sizeof *t);

	on_exit(remove_tmp, t);
	return t;
}

/* Opens a file that is not there yet, beside PATH and with the permissions it would have. */
static int open_tmp(struct target *t, const char *path, const struct stat *old)
{
	int fd;

	if (asprintf(&t->tmp, "%s.tmp%ld", path, (long)getpid()) < 0)
		die(ST_SYSTEM, "no memory left");
	fd = open(t->tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0 && old)
		(void)!fchmod(fd, old->st_mode & 0777);
	return fd;
}

static void forget(struct target *t)
{
	free(t->tmp);
	free(t->path);
	t->tmp = t->path = NULL;
}

struct out *target_open(struct target *t, const char *path)
{
	struct stat st;
	bool there;
	int fd;

	if (!path) {
		out_init(&t->out, STDOUT_FILENO, "standard output");
		return &t->out;
	}
	t->path = must_strdup(path);
	there = !lstat(path, &st);
	if (there && !S_ISREG(st.st_mode))
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	else
		fd = open_tmp(t, path, there ? &st : NULL);
	if (fd < 0) {
		warn("%s: %s", t->tmp ? t->tmp : path, strerror(errno));
		forget(t);
		return NULL;
	}
	out_init(&t->out, fd, t->path);
	return &t->out;
}

bool target_close(struct target *t)
{
	bool ok;

	out_close(&t->out);
	ok = !t->tmp || !rename(t->tmp, t->path);
	if (!ok) {
		warn("%s: %s", t->path, strerror(errno));
		unlink(t->tmp);
	}
	forget(t);
	return ok;
}
