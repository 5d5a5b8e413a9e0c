/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The statements of a compilation unit: which rows of its line table count for their line.
 */
#ifndef ETRACE_SYM_STMTS_H
#define ETRACE_SYM_STMTS_H

#include <stddef.h>
#include <stdint.h>

#include "lines.h"
#include "names.h"

struct stmt {
	uint64_t addr, len;	/* where it begins; bytes up to the next statement, 0 if one begins there too */
	uint32_t file, line;
	uint32_t scope;		/* the caller's */
};

struct stmts {
	struct stmt *stmt;	/* by address, from the last to the first */
	size_t n, cap;
	struct row *row;	/* scratch: the line table */
	size_t cap_row;
	uint32_t *slot;		/* scratch: by a hash, for each line with a statement the number of a row + 1 */
	size_t mask;
};

/*
 * Reads those of U, whose rows unit_rows() has.  S is all zero, or what an earlier call left, whose
 * memory is used again.  Code that the linker dropped has none.
 */
void stmts_read(struct stmts *s, const struct lines *l, const struct unit *u, struct names *names);
void stmts_free(struct stmts *s);

#endif
