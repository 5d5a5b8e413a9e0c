/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text that was kept, and whose file is damaged then: it comes back as it was, or not at all.
 * in:  any bytes: they are the text, and say how its file is damaged
 * out: nothing, if all is well
 */
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "kept.h"

#define KEY "the key"

static char dir[] = "/tmp/etrace-fuzz-XXXXXX";

static void remove_dir(void)
{
	rmdir(dir);
}

static struct kept *cache(void)
{
	static struct kept *k;

	if (k)
		return k;
	if (!mkdtemp(dir) || setenv("ETRACE_CACHE", dir, 1) || !(k = kept_open()))
		die(ST_SYSTEM, "%s: no cache", dir);
	atexit(remove_dir);
	return k;
}

/* The one file in the cache; to be closed. */
static int only_file(void)
{
	char pattern[sizeof dir + 8];
	int fd = -1;
	glob_t g;

	snprintf(pattern, sizeof pattern, "%s/*", dir);
	if (!glob(pattern, 0, NULL, &g) && g.gl_pathc == 1)
		fd = open(g.gl_pathv[0], O_RDWR | O_CLOEXEC);
	globfree(&g);
	FUZZ_CHECK(fd >= 0);
	return fd;
}

/* Changes the file as the N bytes at P say: how often (a byte), where and what (3 bytes), and how much is cut off. */
static void damage(const uint8_t *p, size_t n)
{
	int fd = only_file();
	struct stat st;

	FUZZ_CHECK(!fstat(fd, &st));
	for (unsigned left = *p++ % 16; left && n >= 5; left--, p += 3, n -= 3) {
		off_t at = (p[0] << 8 | p[1]) % st.st_size;
		uint8_t byte;

		FUZZ_CHECK(pread(fd, &byte, 1, at) == 1);
		byte ^= p[2];
		FUZZ_CHECK(pwrite(fd, &byte, 1, at) == 1);
	}
	FUZZ_CHECK(!ftruncate(fd, *p < st.st_size ? st.st_size - *p : 0));
	close(fd);
}

static void keep(struct kept *k, const uint8_t *data, size_t size)
{
	struct keep *n = keep_begin(k, KEY);

	keep_add(n, (const char *)data, size);
	keep_end(n, true);
}

/* Gets the text; returns whether there is one, which is then this. */
static bool get(struct kept *k, const uint8_t *data, size_t size)
{
	struct fuzz_text text;
	bool whole, found;
	struct out o;

	fuzz_out(&o, &text);
	found = kept_get(k, KEY, &o);
	whole = out_copied(&o);
	fuzz_out_end(&o);
	FUZZ_CHECK(found ? whole && text.n == size && !memcmp(text.s, data, size) : !text.n);
	free(text.s);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kept *k = cache();

	if (size < 2)
		return -1;
	keep(k, data, size);
	FUZZ_CHECK(get(k, data, size));
	damage(data, size);
	get(k, data, size);
	return 0;
}
