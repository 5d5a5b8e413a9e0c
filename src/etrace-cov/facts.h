/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the streams say of themselves, I and O records, each once; and whether one name stands for two builds.
 */
#ifndef ETRACE_COV_FACTS_H
#define ETRACE_COV_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "fact.h"
#include "out.h"

struct facts;

struct facts *facts_new(void);
void facts_free(struct facts *f);

/* Keeps an I record. */
void facts_i(struct facts *f, const char *line, size_t len);
void facts_put(struct facts *f, enum fact_key key, const char *value);

/* Keeps an O record.  False if it is malformed. */
bool facts_o(struct facts *f, const char *line, size_t len);

/* The name, escaped, of an object that came with two build-ids; NULL if none did.  It is F's. */
const char *facts_two_builds(const struct facts *f);

/* Writes them, in the order that they came. */
void facts_write(const struct facts *f, struct out *o);

#endif
