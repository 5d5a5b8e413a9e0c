/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says of E records which object their block is of, and where it is in the source.
 */
#ifndef ETRACE_SYM_ANNOTATE_H
#define ETRACE_SYM_ANNOTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "ends.h"
#include "names.h"
#include "out.h"
#include "place.h"

struct annotator;

/* All stay the caller's.  ENDS writes K records, before the first record of each block; NULL: there are none. */
struct annotator *annotate_new(struct places *places, const struct blocks *blocks, struct names *names,
			       struct ends *ends);
void annotate_free(struct annotator *a);

/* Writes the E record in LINE (LEN bytes, no newline) to O, annotated.  False if it is malformed. */
bool annotate_e(struct annotator *a, const char *line, size_t len, struct out *o);

/* What E records of one block get. */
struct annotation {
	const char *text;	/* "in TAB start TAB size", then from the TAB on what is appended, with its newline */
	uint32_t block, len;	/* bytes of the first part, and of all */
};

/* Bytes after the text of an annotation that can be read. */
enum { ANNOTATION_SLACK = 96 };

/*
 * That of the record in LINE, which stays until annotate_version() changes.  False if the record is to stay as it is,
 * or is malformed.  O is told of a place that had no block before, and how the block ends.
 */
bool annotate_find(struct annotator *a, const char *line, size_t len, struct annotation *x, struct out *o);

/*
 * The same for a block by its text, "in TAB start TAB size", which stays as it is where the annotation is that text.
 * False if it is malformed.
 */
bool annotate_block(struct annotator *a, struct field block, struct annotation *x, struct out *o);

/*
 * Blocks were placed after E records of them were written, in no object: writes to O, by P records, where they are.
 */
void annotate_late(struct annotator *a, struct out *o);

/* A trace begins: what was in no object stays so. */
void annotate_new_trace(struct annotator *a);

/* A number that is another one when annotations may have changed. */
unsigned annotate_version(const struct annotator *a);

/* Writes "func+off" for what is at AT, or "-", into TEXT of SIZE bytes, cut to what fits. */
void annotate_place(struct annotator *a, struct guest at, char *text, size_t size);

/* Whether the code at AT is Thumb. */
bool annotate_is_thumb(struct annotator *a, struct guest at);

/* Whether a block is in no object, and in *AT where the first one of these is. */
bool annotate_unknown(const struct annotator *a, struct guest *at);

#endif
