/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of packet kinds.
 */
#include "pkt.h"

#include <stddef.h>

static const struct pkt_kind kinds[] = {
	/* type  pieces min name          decode */
	{ PKT_INFO, false, 12, "INFO", pkt_info },
	{ 1, true, 8, "EXEC", pkt_exec },
	{ 2, false, 32, "TB", pkt_tb },
	{ 3, false, 8, "NOTE", pkt_note },
	{ 4, false, 40, "MEM", pkt_mem },
	{ 5, false, 16, "ARCH", pkt_arch },
	{ 6, false, 0, "BARRIER", pkt_barrier },
	{ 7, false, 22, "old EVENT", pkt_old_event },
	{ 8, false, 36, "EVENT", pkt_event },
	{ 16, true, 0, "COUNT", pkt_count },
	{ 17, false, 2, "FACT", pkt_fact },
	{ 18, false, 1, "END", pkt_end },
};

const struct pkt_kind *pkt_kind(uint16_t type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}
