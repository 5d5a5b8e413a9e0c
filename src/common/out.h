/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Buffered output.  A hot path asks for room, writes there and says how far it came:
 *
 *	char *p = out_room(o, 64);
 *	p = num_dec(p, count);
 *	out_upto(o, p);
 *
 * An error in writing ends the program with ST_SYSTEM; a reader that went away ends it by SIGPIPE.
 */
#ifndef ETRACE_OUT_H
#define ETRACE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

enum { OUT_SIZE = 256 * 1024 };

/*
 * What pipes at either end are set to, where that is allowed (fcntl(2), F_SETPIPE_SZ): with the usual
 * 64 KiB a writer and its reader wait for each other most of the time.
 */
enum { PIPE_SIZE = 1024 * 1024 };

struct out {
	char *buf;
	size_t len;
	int fd;
	const char *name;	/* for messages; not owned */
	/* What takes the bytes where there is no descriptor, as they are flushed. */
	void (*sink)(void *arg, const char *p, size_t n);
	void *arg;
	struct out_copy *copy;	/* under way; or NULL */
	bool cut;		/* one was cut off */
};

/* Writes to FD, whose name in messages is NAME.  FD is out_close()d.  The program ends if it is closed. */
void out_init(struct out *o, int fd, const char *name);

/* Has SINK take what is written; to be flushed and, by out_free(), freed. */
void out_to(struct out *o, void (*sink)(void *arg, const char *p, size_t n), void *arg);
void out_free(struct out *o);

/* Writes all that is buffered. */
void out_flush(struct out *o);

/* Flushes, closes the descriptor and frees the buffer; the program ends if any of it fails. */
void out_close(struct out *o);

/* Room for N bytes, N at most OUT_SIZE. */
static inline char *out_room(struct out *o, size_t n)
{
	if (o->len + n > OUT_SIZE)
		out_flush(o);
	return o->buf + o->len;
}

/* The bytes up to END, in the room that was given, are output. */
static inline void out_upto(struct out *o, char *end)
{
	o->len = (size_t)(end - o->buf);
}

void out_mem(struct out *o, const void *p, size_t n);
void out_str(struct out *o, const char *s);

/*
 * The first N bytes of the file FD, which is closed when they are copied.  They are while the program goes on: what
 * it writes meanwhile is held back, and comes after them.
 *
 * out_copied() waits for the end of that.  False if FD had fewer bytes, or that of an earlier call.
 */
void out_copy(struct out *o, int fd, uint64_t n);
bool out_copied(struct out *o);

/* For these two: writes N bytes now; holds them back, which is false if there is no more need; ends the program. */
void out_write(struct out *o, const char *p, size_t n);
bool out_holds(struct out *o, const char *p, size_t n);
noreturn void out_fail(const struct out *o, int error);
void out_char(struct out *o, char c);
void out_dec(struct out *o, uint64_t v);
void out_hex(struct out *o, uint64_t v);

/*
 * A string of N bytes as a field of a record: TAB, newline, backslash and other control bytes as
 * \t \n \\ \xNN; an empty one as "-".
 */
void out_field(struct out *o, const char *s, size_t n);

/* As printf; for what runs once a file, not once a record. */
void out_printf(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
