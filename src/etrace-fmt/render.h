/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the inputs to the output.
 */
#ifndef ETRACE_RENDER_H
#define ETRACE_RENDER_H

#include "fmt.h"

struct render_job {
	const struct fmt *fmt;
	const char *output;	/* a file, or for some formats a directory; NULL: standard output */
	char **names;		/* of the inputs, with a NULL after the last */
	struct fmt_view view;
	struct paths *paths;
};

/* Does it.  Says what went wrong. */
enum status render(const struct render_job *j);

#endif
