/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads source files.
 * in:  work.c
 * out: its lines
 */
#include "source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"

/* Reads up to SIZE bytes; fewer if the file is shorter now. */
static void read_text(struct source *s, int fd, size_t size)
{
	ssize_t n;

	s->text = must_malloc(size);
	while (s->len < size && (n = read(fd, s->text + s->len, size - s->len)) > 0)
		s->len += (size_t)n;
}

bool source_read(struct source *s, const char *path)
{
	struct stat st;
	/* A path is whatever a stream says: it may be a pipe, which must not make us wait. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode);

	*s = (struct source){ .len = 0 };
	if (ok)
		read_text(s, fd, (size_t)st.st_size);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool source_next(struct source *s, const char **line, size_t *len)
{
	const char *at = s->text + s->pos, *nl;
	size_t left = s->len - s->pos;

	if (!left)
		return false;
	nl = memchr(at, '\n', left);
	*line = at;
	*len = nl ? (size_t)(nl - at) : left;
	s->pos += *len + (nl != NULL);
	return true;
}

uint32_t source_lines(const struct source *s)
{
	struct source rest = *s;
	const char *line;
	size_t len;
	uint32_t n = 0;

	while (source_next(&rest, &line, &len))
		n++;
	return n;
}

void source_free(struct source *s)
{
	free(s->text);
	s->text = NULL;
}
