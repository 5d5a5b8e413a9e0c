/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of packets.
 * in:  1
 * out: &pkt_exec
 */
#include "pkt.h"

#include <stddef.h>

/* Each is in pkt-NAME.c. */
#define KINDS(X) \
	X(info) X(exec) X(tb) X(note) X(mem) X(arch) X(barrier) X(old_event) X(event) \
	X(count) X(fact) X(end) X(block) X(run) X(discon) X(map) X(switch)

#define DECLARE(name) extern const struct pkt_kind pkt_##name;
#define ROW(name) &pkt_##name,

KINDS(DECLARE)
static const struct pkt_kind *const kinds[] = { KINDS(ROW) };

const struct pkt_kind *pkt_kind(uint16_t type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i]->type == type)
			return kinds[i];
	return NULL;
}
