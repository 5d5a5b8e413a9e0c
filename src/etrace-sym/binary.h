/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ELF file is the program that a trace of user mode is of, and where it was loaded: what the
 * trace's facts say.
 */
#ifndef ETRACE_BINARY_H
#define ETRACE_BINARY_H

#include "image.h"
#include "fact.h"

struct binary;

/* IMAGES stay the caller's. */
struct binary *binary_new(struct image *images, size_t n);
void binary_free(struct binary *b);

/* Takes a fact; of those of the binary it takes the bias of the images that may be moved. */
void binary_fact(struct binary *b, struct fact f);

/* After the last fact: says which images are not what ran.  False if one is not. */
bool binary_check(struct binary *b);

#endif
