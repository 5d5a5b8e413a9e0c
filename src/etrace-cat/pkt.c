/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of packet kinds.
 */
#include "pkt.h"

#include <stddef.h>

static const struct pkt_kind kinds[] = {
	{ WIRE_INFO, false, WIRE_INFO_SIZE, "INFO", pkt_info },
	{ WIRE_EXEC, true, WIRE_EXEC_SIZE, "EXEC", pkt_exec },
	{ WIRE_TB, false, WIRE_TB_SIZE, "TB", pkt_tb },
	{ WIRE_NOTE, false, WIRE_NOTE_SIZE, "NOTE", pkt_note },
	{ WIRE_MEM, false, WIRE_MEM_SIZE, "MEM", pkt_mem },
	{ WIRE_ARCH, false, WIRE_ARCH_SIZE, "ARCH", pkt_arch },
	{ WIRE_BARRIER, false, 0, "BARRIER", pkt_barrier },
	{ WIRE_OLD_EVENT, false, WIRE_OLD_EVENT_SIZE, "old EVENT", pkt_old_event },
	{ WIRE_EVENT, false, WIRE_EVENT_SIZE, "EVENT", pkt_event },
	{ WIRE_COUNT, true, 0, "COUNT", pkt_count },
	{ WIRE_FACT, false, WIRE_FACT_SIZE, "FACT", pkt_fact },
	{ WIRE_END, false, WIRE_END_SIZE, "END", pkt_end },
	{ WIRE_BLOCK, false, WIRE_BLOCK_SIZE, "BLOCK", pkt_block },
	{ WIRE_RUN, true, WIRE_RUN_SIZE, "RUN", pkt_run },
};

const struct pkt_kind *pkt_kind(uint16_t type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}
