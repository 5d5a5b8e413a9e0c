/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * T records: a block that was translated, with its bytes.
 */
#ifndef ETRACE_SYM_TB_H
#define ETRACE_SYM_TB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest.h"
#include "record.h"

struct tb {
	struct field cpu;	/* of the record */
	struct guest addr;
	uint8_t *code;		/* owned; N bytes in the order of memory */
	size_t n, cap;
};

/* Reads the T record LINE into TB, which is all zero or holds an earlier one.  False if it is malformed. */
bool tb_parse(struct tb *tb, const char *line, size_t len);
void tb_free(struct tb *tb);

#endif
