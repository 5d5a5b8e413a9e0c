/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages, in one write: the process may share its stderr with the guest.
 * in:  say("no memory left")
 * out: etrace-plugin: no memory left
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "die.h"

static void vsay(const char *fmt, va_list ap)
{
	char text[512];
	int n = snprintf(text, sizeof text, "etrace-plugin: ");

	n += vsnprintf(text + n, sizeof text - (size_t)n - 1, fmt, ap);
	n = n < (int)sizeof text - 1 ? n : (int)sizeof text - 2;
	text[n++] = '\n';
	if (write(STDERR_FILENO, text, (size_t)n) < 0)
		return;		/* nobody to tell */
}

void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(fmt, ap);
	va_end(ap);
}

/* unix.c's messages */
void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(fmt, ap);
	va_end(ap);
}
