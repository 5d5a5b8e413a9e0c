/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an ELF file says of a block, as text.
 */
#ifndef ETRACE_SYM_LABEL_H
#define ETRACE_SYM_LABEL_H

#include <stddef.h>

#include "names.h"
#include "object.h"
#include "place.h"
#include "record.h"

/* A text, and room for the next one.  Begin with NAMES alone, which stays the caller's; free(text) ends it. */
struct label {
	struct names *names;
	char *text;
	size_t n, cap;		/* bytes of it, and the room */
};

/*
 * Makes L's text that of the block E, which is at AT: "in TAB start TAB size", then from the TAB on the columns that
 * are appended, and a newline.  Returns the length of the first part.  Of a block of unknown size, it has the files
 * of the first byte alone.
 */
size_t label_make(struct label *l, const struct record_e *e, struct linked at);

#endif
