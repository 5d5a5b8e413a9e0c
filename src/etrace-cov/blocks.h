/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks that E records say were executed: each once, with its counts added up.
 */
#ifndef ETRACE_COV_BLOCKS_H
#define ETRACE_COV_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intern.h"
#include "stream.h"

struct block {
	uint64_t start, size;	/* bytes; the end may be 2^64, which is 0 */
	uint64_t count, ns;
	uint32_t in;		/* the object, or the token, by number */
	/* Texts, by blocks_text(), of what etrace-sym appended; NO_TEXT if it was "-" or nothing. */
	uint32_t func, line;
	uint32_t there;		/* of a block in no object, the function that is there, by its K; NO_TEXT for others */
	uint64_t off;		/* bytes from where FUNC, or THERE, begins */
	bool malformed, bare;	/* bare: etrace-sym has not seen it */
	bool guest;		/* in no object: start is the guest's address */
};

enum { NO_TEXT = UINT32_MAX };

struct blocks;
struct readers;

/* OBJECTS has the numbers of what columns "in" say, for all of etrace-cov; it stays the caller's. */
struct blocks *blocks_new(struct intern *objects);
void blocks_free(struct blocks *b);

/* Adds an E record, and the step that it is to READERS unless that is NULL.  False if it is malformed. */
bool blocks_add(struct blocks *b, const char *line, size_t len, const struct readers *readers);

/*
 * The two halves of it: the number, in *ID, of the block that TEXT names ("in TAB start TAB size", as in
 * the record; false if that is malformed), which is new with the record LINE if it was not seen before,
 * or, by blocks_have(), not there; and its executions added.
 */
bool blocks_find(struct blocks *b, struct field text, const char *line, size_t len, uint32_t *id);
bool blocks_have(const struct blocks *b, struct field text, uint32_t *id);
void blocks_count(struct blocks *b, uint32_t id, uint64_t count, uint64_t ns);

/* The number of the block that E records name once it is placed as P says. */
uint32_t blocks_put_placed(struct blocks *b, const struct record_p *p);

/* The object, or the token, with this number. */
struct field blocks_object_name(const struct blocks *b, uint32_t in);

/* The object, or the token, of a block of B. */
struct field blocks_object(const struct blocks *b, const struct block *x);

/*
 * The number of the block that K is of, which is new with it if it was not seen before.  Or of a block of a W record,
 * X, whose place is only known if there was a K.
 */
uint32_t blocks_put_k(struct blocks *b, const struct record_k *k);
uint32_t blocks_put_walked(struct blocks *b, const struct walk_block *x);

/* The number of the object with this name, a column "in". */
uint32_t blocks_put_object(struct blocks *b, struct field name);

/* What the block with number ID is known by, as in blocks_find(). */
struct field blocks_name(const struct blocks *b, uint32_t id);

/* Whether there was an E whose count is "-": executed, but not known how often; counted as 1. */
bool blocks_seen_only(const struct blocks *b);

/* Whether it is in no function and no line of an ELF file. */
static inline bool block_is_unexplained(const struct block *b)
{
	return b->func == NO_TEXT && b->line == NO_TEXT;
}

/* How many there are, and the one with number I. */
size_t blocks_n(const struct blocks *b);
const struct block *blocks_get(const struct blocks *b, size_t i);
const char *blocks_text(const struct blocks *b, uint32_t text, size_t *len);

/*
 * The number in TO of the block with number ID in FROM, which is new there if none has its text.  Its executions are
 * not added.
 */
uint32_t blocks_copy(struct blocks *to, const struct blocks *from, uint32_t id);

#endif
