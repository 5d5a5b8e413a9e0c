/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads source files.
 * in:  work.c
 * out: its lines
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool source_open(struct source *s, const char *path)
{
	struct stat st;

	s->error = 0;
	s->size = s->n_read = s->pos = s->end = 0;
	/* It may be a pipe, which must not make us wait. */
	do
		s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	while (s->fd < 0 && errno == EINTR);
	if (s->fd < 0)
		return false;
	if (fstat(s->fd, &st) || !S_ISREG(st.st_mode)) {
		source_close(s);
		return false;
	}
	s->size = (uint64_t)st.st_size;
	return true;
}

/* Fills the buffer, which is used up.  False at the end, or after an error. */
static bool fill(struct source *s)
{
	ssize_t n;

	if (s->fd < 0 || s->error)
		return false;
	do
		n = read(s->fd, s->buf, sizeof s->buf);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		s->error = errno;
	else if (n && s->n_read >= SOURCE_MAX)
		s->error = EFBIG;
	if (n <= 0 || s->error)
		return false;
	s->n_read += (uint64_t)n;
	s->pos = 0;
	s->end = (size_t)n;
	return true;
}

bool source_next(struct source *s, const char **piece, size_t *len, bool *whole)
{
	const char *nl;

	if (s->pos == s->end && !fill(s))
		return false;
	*piece = s->buf + s->pos;
	*len = s->end - s->pos;
	nl = memchr(*piece, '\n', *len);
	*whole = nl;
	if (nl)
		*len = (size_t)(nl - *piece);
	s->pos += *len + *whole;
	return true;
}

uint32_t source_lines(struct source *s, uint32_t enough)
{
	const char *piece;
	size_t len;
	uint32_t n = 0;
	bool begins = true, whole;

	for (; n < enough && source_next(s, &piece, &len, &whole); begins = whole)
		n += begins;
	return n;
}

int source_close(struct source *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	return s->error;
}
