/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ELF file is the program that a trace of user mode is of, and where it was loaded: what the
 * trace's facts say.
 */
#ifndef ETRACE_SYM_BINARY_H
#define ETRACE_SYM_BINARY_H

#include "fact.h"
#include "object.h"
#include "place.h"

struct binary;

/* OBJECTS, all of them, and PLACES stay the caller's. */
struct binary *binary_new(struct objects *objects, struct places *places);
void binary_free(struct binary *b);

/* Takes a fact; those of the binary place the objects that may be moved. */
void binary_fact(struct binary *b, struct fact f);

/* After the last fact: says which objects are not what ran.  False if one is not. */
bool binary_check(struct binary *b);

#endif
