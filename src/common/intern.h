/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of texts, each with a number: 0 for the first one put in, then 1, and so on.  What belongs
 * to a text is kept by the caller in arrays indexed by that number.
 */
#ifndef ETRACE_INTERN_H
#define ETRACE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct intern;

struct intern *intern_new(void);
void intern_free(struct intern *m);

/* How many texts are in it. */
uint32_t intern_count(const struct intern *m);

/* The number of the LEN bytes at KEY, which are copied in if they are new; *FRESH says if they were. */
uint32_t intern_put(struct intern *m, const char *key, size_t len, bool *fresh);

/* Whether those bytes are in it; *ID is their number then. */
bool intern_find(const struct intern *m, const char *key, size_t len, uint32_t *id);

/* The text with number ID, with its length in *LEN; a NUL follows it.  Valid until the next intern_put. */
const char *intern_text(const struct intern *m, uint32_t id, size_t *len);

#endif
