/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of texts, each with a number: 0 for the first one put in, then 1, and so on.  What belongs
 * to a text is kept by the caller in arrays indexed by that number.
 */
#ifndef ETRACE_MAP_H
#define ETRACE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map;

struct map *map_new(void);
void map_free(struct map *m);

/* How many texts are in it. */
uint32_t map_count(const struct map *m);

/* The number of the LEN bytes at KEY, which are copied in if they are new; *FRESH says if they were. */
uint32_t map_put(struct map *m, const char *key, size_t len, bool *fresh);

/* The text with number ID, with its length in *LEN; a NUL follows it.  Valid until the next map_put. */
const char *map_text(const struct map *m, uint32_t id, size_t *len);

#endif
