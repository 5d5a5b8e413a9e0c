/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Appends to E records where their block is in the source.
 */
#ifndef ETRACE_ANNOTATE_H
#define ETRACE_ANNOTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image.h"
#include "out.h"
#include "stream.h"

struct annotator;

/* IMAGES and NAMES stay the caller's. */
struct annotator *annotate_new(struct image *images, size_t n, struct names *names);
void annotate_free(struct annotator *a);

/* What an "I address-bits" record said: 32 lets addresses be matched by their low halves. */
void annotate_address_bits(struct annotator *a, unsigned bits);

/* Writes the E record in LINE (LEN bytes, no newline) to O, annotated. */
void annotate_e(struct annotator *a, const char *line, size_t len, struct out *o);

/* Bytes behind the text of an annotation that can be read. */
enum { ANNOTATION_SLACK = 32 };

/*
 * What is appended to the E records of the block of SIZE bytes at START, columns of such a record: its
 * length in *LEN, its newline included.  NULL if more than that is to be done.  Valid as long as A is.
 */
const char *annotate_text(struct annotator *a, struct field start, struct field size, size_t *len);

/* Writes "func+off" for ADDR, or "-", into TEXT of SIZE bytes, cut to what fits. */
void annotate_place(struct annotator *a, uint64_t addr, char *text, size_t size);

/* Whether the code at ADDR is Thumb. */
bool annotate_is_thumb(struct annotator *a, uint64_t addr);

/* Whether a block is in no image, and in *ADDR where the first one of these is. */
bool annotate_unknown(const struct annotator *a, uint64_t *addr);

#endif
