/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file a text: the text, its key, and a struct trailer, which says how long they are, and has a sum that nearly any
 * change of them changes.  It is written under another name and renamed when it is whole, so that several may write.
 * A machine that stops may leave a file with holes in it; the sum tells.
 *
 * in:  the key and text of a map
 * out: ~/.cache/etrace/b0a7c1d20f6e8a43.map
 */
#include "kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "sum.h"

enum { STALE = 3600 };	/* seconds after which a file that is not whole has no writer any more */

struct trailer {
	uint64_t magic, text, key, sum;	/* text and key: bytes; in the byte order of the host */
};

static const uint64_t magic = 0x6574726d61702031;	/* "etrmap 1" */

struct kept {
	int dir;
};

struct keep {
	struct kept *in;
	int fd;			/* -1: it could not be written */
	uint64_t text;		/* bytes so far */
	char *key;
	char tmp[32];
};

/* ---- the directory ---- */

/* Opens the directory NAME in AT, made if it is missing; closes AT.  -1 on failure. */
static int enter(int at, const char *name)
{
	int fd = -1;

	if (at != -1 && (!mkdirat(at, name, 0700) || errno == EEXIST))
		fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at >= 0)
		close(at);
	return fd;
}

static int enter_path(const char *path)
{
	return path && *path == '/' ? enter(AT_FDCWD, path) : -1;
}

static int directory(void)
{
	const char *own = getenv("ETRACE_CACHE"), *xdg = getenv("XDG_CACHE_HOME");

	if (own)
		return *own ? enter(AT_FDCWD, own) : -1;
	if (xdg && *xdg == '/')
		return enter(enter_path(xdg), "etrace");
	return enter(enter(enter_path(getenv("HOME")), ".cache"), "etrace");
}

struct kept *kept_open(void)
{
	struct kept *k;
	struct stat st;
	int dir = directory();

	if (dir < 0)
		return NULL;
	if (fstat(dir, &st) || st.st_uid != geteuid()) {
		close(dir);
		return NULL;
	}
	k = must_malloc(sizeof *k);
	k->dir = dir;
	return k;
}

void kept_close(struct kept *k)
{
	if (!k)
		return;
	close(k->dir);
	free(k);
}

/* ---- reading ---- */

static void file_name(char name[32], const char *key)
{
	snprintf(name, 32, "%016llx.map", (unsigned long long)sum_text(key));
}

static bool has_key(int fd, const struct trailer *t, const char *key)
{
	size_t n = strlen(key);
	char *is = must_malloc(n + 1);
	bool same = t->key == n && read_all(fd, is, n, t->text) && !memcmp(is, key, n);

	free(is);
	return same;
}

/* Whether FD, of SIZE bytes, is as it was written; *T is then its trailer. */
static bool is_sound(int fd, uint64_t size, struct trailer *t)
{
	uint64_t n = size - sizeof *t, sum;

	return size >= sizeof *t && read_all(fd, (char *)t, sizeof *t, n) && t->magic == magic && t->text <= n &&
	       t->key == n - t->text && sum_file(fd, n, &sum) && t->sum == sum;
}

bool kept_get(struct kept *k, const char *key, struct out *o)
{
	struct trailer t;
	struct stat st;
	char name[32];
	int fd;

	file_name(name, key);
	fd = openat(k->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !is_sound(fd, (uint64_t)st.st_size, &t)) {
		unlinkat(k->dir, name, 0);
	} else if (has_key(fd, &t, key)) {
		futimens(fd, NULL);	/* used now */
		out_copy(o, fd, t.text);
		return true;
	}
	close(fd);
	return false;
}

/* ---- writing ---- */

/* Gives up. */
static void drop(struct keep *n)
{
	if (n->fd < 0)
		return;
	unlinkat(n->in->dir, n->tmp, 0);
	close(n->fd);
	n->fd = -1;
}

struct keep *keep_begin(struct kept *k, const char *key)
{
	struct keep *n = must_calloc(1, sizeof *n);
	struct timespec now;

	n->in = k;
	n->key = must_strdup(key);
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(n->tmp, sizeof n->tmp, "%llx-%llx.tmp", (unsigned long long)getpid(),
		 (unsigned long long)now.tv_sec << 30 | (unsigned long long)now.tv_nsec);
	n->fd = openat(k->dir, n->tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return n;
}

static void add(struct keep *n, const char *p, size_t len)
{
	while (len && n->fd >= 0) {
		ssize_t w = write(n->fd, p, len);

		if (w < 0 && errno != EINTR)
			drop(n);
		if (w > 0) {
			p += w;
			len -= (size_t)w;
		}
	}
}

void keep_add(struct keep *n, const char *p, size_t len)
{
	n->text += len;
	if (n->text > KEPT_MAX / 2)
		drop(n);
	add(n, p, len);
}

struct file {
	struct timespec used;
	uint64_t size;
	char name[32];
};

static int by_use(const void *a, const void *b)
{
	const struct timespec *x = &((const struct file *)a)->used, *y = &((const struct file *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && n < sizeof(((struct file *)0)->name) && !strcmp(name + n - m, end);
}

/* Removes what was not used for longest until the rest has KEPT_MAX bytes, and what a writer left that was killed. */
static void make_room(struct kept *k)
{
	struct file *file = NULL;
	size_t n = 0, cap = 0;
	uint64_t all = 0;
	struct dirent *d;
	struct stat st;
	DIR *dir = fdopendir(openat(k->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	while (dir && (d = readdir(dir))) {
		bool whole = ends_in(d->d_name, ".map");

		if ((!whole && !ends_in(d->d_name, ".tmp")) || fstatat(k->dir, d->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (!whole && st.st_mtime < time(NULL) - STALE)
			unlinkat(k->dir, d->d_name, 0);
		if (!whole)
			continue;
		GROW(file, n, cap);
		file[n] = (struct file){ .used = st.st_mtim, .size = (uint64_t)st.st_size };
		strcpy(file[n++].name, d->d_name);
		all += (uint64_t)st.st_size;
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(file, n, sizeof *file, by_use);
	for (size_t i = 0; i < n && all > KEPT_MAX; all -= file[i++].size)
		unlinkat(k->dir, file[i].name, 0);
	free(file);
}

void keep_end(struct keep *n, bool whole)
{
	struct trailer t = { .magic = magic, .text = n->text, .key = strlen(n->key) };
	char name[32];

	file_name(name, n->key);
	if (whole) {
		add(n, n->key, t.key);
		if (n->fd < 0 || !sum_file(n->fd, t.text + t.key, &t.sum))
			whole = false;
		add(n, (const char *)&t, sizeof t);
	}
	if (n->fd >= 0 && whole && !renameat(n->in->dir, n->tmp, n->in->dir, name)) {
		close(n->fd);
		make_room(n->in);
	} else {
		drop(n);
	}
	free(n->key);
	free(n);
}
