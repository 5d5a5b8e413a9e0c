/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages and exit statuses, the same for every program.
 *
 * A message goes to stderr as one line, "PROGRAM: TEXT".  Control bytes in TEXT (a file name may
 * hold any) are shown as \xNN, so that a message cannot drive a terminal.
 */
#ifndef ETRACE_DIE_H
#define ETRACE_DIE_H

#include <stddef.h>
#include <stdnoreturn.h>

enum status {
	ST_OK = 0,	/* done */
	ST_INPUT = 1,	/* bad, missing or incomplete input */
	ST_USAGE = 2,	/* the command line is wrong */
	ST_SYSTEM = 3,	/* the system failed: disk full, no memory */
};

/* Prints a message; the program goes on. */
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message and exits with STATUS.  Buffered output is lost: for usage and system errors. */
noreturn void die(enum status status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * getopt() over LETTERS, which have h and V among them: --help is taken for -h, and --version for -V, so
 * that every program knows both.  optarg and optind are set as usual.
 */
int next_option(int argc, char **argv, const char *letters);

/* Prints "usage: " and TEXT, the program's synopsis and options, on stdout and exits 0 (for -h). */
noreturn void usage_help(const char *text);

/* Prints "PROGRAM VERSION" on stdout and exits 0 (for -V). */
noreturn void version_help(void);

/* After next_option() found something wrong and said so: points to -h and exits with ST_USAGE. */
noreturn void usage_error(void);

/* malloc, calloc and realloc that end the program with ST_SYSTEM when there is no memory. */
void *must_malloc(size_t size);
void *must_calloc(size_t n, size_t size);
void *must_realloc(void *p, size_t n, size_t size);
char *must_strdup(const char *s);

/*
 * Makes room for one more element in a growing array: PTR has N elements in use and room for CAP.
 * PTR may move.
 */
#define GROW(ptr, n, cap) \
	((n) < (cap) ? (void)0 : \
	 (void)((cap) = (cap) ? 2 * (cap) : 64, (ptr) = must_realloc((ptr), (cap), sizeof *(ptr))))

#endif
