/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For harnesses of libFuzzer (make fuzz): any bytes go in, and what comes out is thrown away or kept as a text.
 *
 * What they find is a crash, a report of the sanitizers, that it does not end, a FUZZ_CHECK() that fails, and that the
 * program ends itself: bad input is no reason for die().  What the code says on the way is not looked at.
 */
#ifndef ETRACE_FUZZ_H
#define ETRACE_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "out.h"
#include "stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(what) ((what) ? (void)0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what), abort()))

/* A file with these bytes, to be read from its beginning; to be closed. */
static inline int fuzz_file(const void *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		die(ST_SYSTEM, "no file for the fuzzer's bytes");
	return fd;
}

/* A stream of them, read in pieces so small that lines go on from one to the next; to be closed. */
static inline struct stream fuzz_stream(const void *data, size_t size)
{
	struct stream r = { .line = 0 };

	input_attach(&r.in, fuzz_file(data, size), "fuzz", 4096, NULL);
	return r;
}

/* What was written; fuzz_out() begins it, and S is to be freed. */
struct fuzz_text {
	char *s;
	size_t n, cap;
};

static inline void fuzz_add(void *text, const char *p, size_t n)
{
	struct fuzz_text *t = text;

	if (t->n + n > t->cap) {
		t->cap = 2 * (t->n + n);
		t->s = must_realloc(t->s, t->cap, 1);
	}
	memcpy(t->s + t->n, p, n);
	t->n += n;
}

/* An output that is appended to TEXT, or, if that is NULL, thrown away; fuzz_out_end() ends it. */
static inline void fuzz_drop(void *arg, const char *p, size_t n)
{
	(void)arg, (void)p, (void)n;
}

static inline void fuzz_out(struct out *o, struct fuzz_text *text)
{
	if (text)
		*text = (struct fuzz_text){ .s = must_malloc(1), .cap = 1 };
	out_to(o, text ? fuzz_add : fuzz_drop, text);
}

static inline void fuzz_out_end(struct out *o)
{
	out_flush(o);
	out_free(o);
}

/* A stream with CPUs of so many digits that no E record is for a fast path (scan.h). */
static inline void fuzz_slow(const char *p, size_t size, struct fuzz_text *slow)
{
	struct out o;

	fuzz_out(&o, slow);
	for (const char *end = p + size, *nl; p < end; p = nl) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl + 1 : end;
		if (nl - p > 2 && !memcmp(p, "E\t", 2) && p[2] >= '0' && p[2] <= '9') {
			out_str(&o, "E\t00000000000000000000000000000000");
			p += 2;
		}
		out_mem(&o, p, (size_t)(nl - p));
	}
	fuzz_out_end(&o);
}

/* Whether DATA is taken for no stream, which fuzz_slow() would hide. */
static inline bool fuzz_is_binary(const uint8_t *data, size_t size)
{
	return memchr(data, 0, size < 64 ? size : 64);
}

static inline bool fuzz_same(const struct fuzz_text *a, const struct fuzz_text *b)
{
	return a->n == b->n && !memcmp(a->s, b->s, a->n);
}

#endif
