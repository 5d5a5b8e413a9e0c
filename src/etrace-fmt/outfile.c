/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes files whole or not at all.
 * in:  cov.info
 * out: cov.info.tmp1234, renamed to cov.info
 */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"

struct outfile {
	struct out out;
	char *path;
	char *tmp;		/* what is to become PATH, or NULL */
};

static void remove_tmp(int status, void *outfile)
{
	const struct outfile *f = outfile;

	(void)status;
	if (f->tmp)
		unlink(f->tmp);
}

struct outfile *outfile_new(void)
{
	struct outfile *f = must_calloc(1, sizeof *f);

	on_exit(remove_tmp, f);
	return f;
}

/* Opens a file that is not there yet, beside PATH and with the permissions it would have. */
static int open_tmp(struct outfile *f, const char *path, const struct stat *old)
{
	int fd;

	if (asprintf(&f->tmp, "%s.tmp%ld", path, (long)getpid()) < 0)
		die(ST_SYSTEM, "no memory left");
	fd = open(f->tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0 && old)
		(void)!fchmod(fd, old->st_mode & 0777);
	return fd;
}

static void forget(struct outfile *f)
{
	free(f->tmp);
	free(f->path);
	f->tmp = f->path = NULL;
}

struct out *outfile_open(struct outfile *f, const char *path)
{
	struct stat st;
	bool there;
	int fd;

	if (!path) {
		out_init(&f->out, STDOUT_FILENO, "standard output");
		return &f->out;
	}
	f->path = must_strdup(path);
	there = !lstat(path, &st);
	if (there && !S_ISREG(st.st_mode))
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	else
		fd = open_tmp(f, path, there ? &st : NULL);
	if (fd < 0) {
		warn("%s: %s", f->tmp ? f->tmp : path, strerror(errno));
		forget(f);
		return NULL;
	}
	out_init(&f->out, fd, f->path);
	return &f->out;
}

bool outfile_close(struct outfile *f)
{
	bool ok;

	out_close(&f->out);
	ok = !f->tmp || !rename(f->tmp, f->path);
	if (!ok) {
		warn("%s: %s", f->path, strerror(errno));
		unlink(f->tmp);
	}
	forget(f);
	return ok;
}
