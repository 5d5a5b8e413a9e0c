/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is mapped in this process, by /proc/self/maps (proc_pid_maps(5)).
 * in:  7f2a00026000-7f2a0017b000 r--p 00026000 fd:00 1835013    /usr/lib/libc.so.6
 * out: { 0x7f2a00026000, 0x7f2a0017b000, 0x26000, 0xfd00, 1835013, "/usr/lib/libc.so.6" }
 *
 * Permissions are the host's, not the guest's: QEMU maps the guest's code so that it can be read, and takes the right
 * to write away and gives it back as it translates.
 */
#include "procmaps.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "search.h"

/* Reads the file into p->text, with a NUL. */
static bool read_text(struct procmaps *p)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	if (fd < 0)
		return false;
	for (;;) {
		if (p->cap_text - len < 4097) {
			char *text = realloc(p->text, p->cap_text + 65536);

			if (!text)
				break;
			p->text = text;
			p->cap_text += 65536;
		}
		n = read(fd, p->text + len, p->cap_text - len - 1);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	if (n || !len)
		return false;
	p->text[len] = 0;
	return true;
}

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* What stands for memory of no file has no inode here, whatever Linux calls it. */
static void name(struct region *r, char *path)
{
	static const char *const shared[] = { "/memfd:", "/dev/zero (deleted)", "/SYSV" };
	char *nl;

	if (!*path || begins(path, "[anon"))
		r->inode = 0;
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (begins(path, shared[i]))
			r->inode = 0;
	if (!r->inode)
		r->device = r->offset = 0;
	r->path = r->inode || (*path == '[' && !begins(path, "[anon")) ? path : "[anon]";
	/* Linux writes a newline in a name so. */
	while ((nl = strstr(path, "\\012"))) {
		*nl = '\n';
		memmove(nl + 1, nl + 4, strlen(nl + 4) + 1);
	}
}

/* A line, which is changed: "lo-hi perms offset major:minor inode path".  False for memory that cannot be read. */
static bool parse(char *line, struct region *r)
{
	char *p;
	bool readable;

	r->lo = strtoull(line, &p, 16);
	r->hi = strtoull(p + (*p == '-'), &p, 16);
	readable = *p == ' ' && p[1] == 'r';
	if (!readable || strlen(p) < 6)
		return false;
	r->offset = strtoull(p + 6, &p, 16);
	r->device = strtoull(p, &p, 16) << 32;
	r->device |= strtoull(p + (*p == ':'), &p, 16);
	r->inode = strtoull(p, &p, 10);
	name(r, p + strspn(p, " "));
	return r->hi > r->lo;
}

/* Whether B goes on where A ends. */
static bool goes_on(const struct region *a, const struct region *b)
{
	return a->hi == b->lo && a->inode == b->inode && a->device == b->device && !strcmp(a->path, b->path) &&
	       (!a->inode || a->offset + (a->hi - a->lo) == b->offset);
}

static bool add(struct procmaps *p, const struct region *r)
{
	struct region *last = p->n ? &p->region[p->n - 1] : NULL;

	if (last && goes_on(last, r)) {
		last->hi = r->hi;
		return true;
	}
	if (p->n == p->cap_region) {
		size_t cap = p->cap_region + 256;
		struct region *region = realloc(p->region, cap * sizeof *region);

		if (!region)
			return false;
		p->region = region;
		p->cap_region = cap;
	}
	p->region[p->n++] = *r;
	return true;
}

bool procmaps_read(struct procmaps *p)
{
	struct region r;
	char *line, *next;

	p->n = 0;
	if (!read_text(p))
		return false;
	for (line = p->text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = 0;
		if (parse(line, &r) && !add(p, &r)) {
			p->n = 0;
			break;
		}
	}
	return p->n;
}

const struct region *procmaps_from(const struct procmaps *p, uint64_t addr)
{
	size_t i;

	SEARCH(i, p->n, p->region[i].hi <= addr);
	return i < p->n ? &p->region[i] : NULL;
}
