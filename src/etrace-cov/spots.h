/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses of code: an object's, and the guest's where code is in none, or not yet; and where A records say that the
 * one is the other.
 */
#ifndef ETRACE_COV_SPOTS_H
#define ETRACE_COV_SPOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocks.h"

/* An address: of an object, by its number, or the guest's, of what is in none. */
struct spot {
	uint64_t addr;
	uint32_t in;		/* SPOT_GUEST: none */
};

enum { SPOT_GUEST = UINT32_MAX };

struct spots;

/* BLOCKS, which has the numbers of objects, stays the caller's. */
struct spots *spots_new(struct blocks *blocks);
void spots_free(struct spots *s);

/* Adds an A record.  False if it is malformed. */
bool spots_a(struct spots *s, const char *line, size_t len);

/* Where A records say that the guest's address X is; X if they do not, or it is an object's. */
struct spot spots_translate(const struct spots *s, struct spot x);

/* Whether both are the same address, as far as A records say. */
bool spots_same(const struct spots *s, struct spot a, struct spot b);

/* A spot as a key for intern_put(). */
struct spot_key {
	char s[sizeof(uint64_t) + sizeof(uint32_t)];
};

struct spot_key spot_key(struct spot s);

#endif
