/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages and exit statuses.
 * in:  warn("%s: truncated at byte %d", "boot.etrace", 20)
 * out: etrace-cat: boot.etrace: truncated at byte 20
 */
#include "die.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *fmt, va_list ap)
{
	char text[2048], line[sizeof text * 4 + 64];
	size_t n;

	vsnprintf(text, sizeof text, fmt, ap);
	n = (size_t)snprintf(line, 64, "%.50s: ", program_invocation_short_name);
	for (const unsigned char *p = (void *)text; *p; p++)
		n += (size_t)sprintf(line + n, *p < ' ' || *p == 0x7f ? "\\x%02x" : "%c", *p);
	line[n++] = '\n';
	fwrite(line, 1, n, stderr);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void die(enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(status);
}

int next_option(int argc, char **argv, const char *letters)
{
	static const struct option words[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};

	argv[0] = program_invocation_short_name;	/* getopt's messages begin with it */
	return getopt_long(argc, argv, letters, words, NULL);
}

void usage_help(const char *text)
{
	if (printf("usage: %s", text) < 0 || fclose(stdout))
		die(ST_SYSTEM, "standard output: %s", strerror(errno));
	exit(ST_OK);
}

void version_help(void)
{
	if (printf("%s %s\n", program_invocation_short_name, ETRACE_VERSION) < 0 || fclose(stdout))
		die(ST_SYSTEM, "standard output: %s", strerror(errno));
	exit(ST_OK);
}

void usage_error(void)
{
	fprintf(stderr, "Try '%s -h', or man %s.\n", program_invocation_short_name,
		program_invocation_short_name);
	exit(ST_USAGE);
}

static void *checked(void *p)
{
	if (!p)
		die(ST_SYSTEM, "no memory left");
	return p;
}

void *must_malloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *must_calloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size));
}

void *must_realloc(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		die(ST_SYSTEM, "no memory left");
	size *= n;
	return checked(realloc(p, size ? size : 1));
}

char *must_strdup(const char *s)
{
	return checked(strdup(s));
}
