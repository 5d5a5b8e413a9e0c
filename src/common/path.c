/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cleans paths.
 * in:  ./lib//x/../work.c
 * out: lib/x/../work.c, or lib/work.c
 */
#include "path.h"

#include <string.h>

static bool is_up(const char *s, size_t len)
{
	return len == 2 && !memcmp(s, "..", 2);
}

size_t path_clean(char *path, bool ups)
{
	size_t root = *path == '/', n = root;

	for (const char *p = path; *p;) {
		size_t len = strcspn(p, "/"), at = n;
		bool up = is_up(p, len);

		while (at > root && path[at - 1] != '/')
			at--;
		if (up && ups && n > root && !is_up(path + at, n - at)) {
			n = at > root ? at - 1 : root;
		} else if (len && !(len == 1 && *p == '.') && !(up && root && n == root)) {
			if (n > root)
				path[n++] = '/';
			memmove(path + n, p, len);
			n += len;
		}
		p += len + (p[len] == '/');
	}
	path[n] = 0;
	return n;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
