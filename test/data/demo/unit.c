/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unit tests of the demo's firmware: a program for QEMU's user mode. */
#include <stdio.h>
#include <string.h>

#include "crc.h"
#include "ring.h"

static int failed;

static void check(const char *what, int ok)
{
	printf("%s %s\n", ok ? "ok    " : "not ok", what);
	failed |= !ok;
}

int main(void)
{
	struct ring r;

	memset(&r, 0, sizeof r);
	check("the mean of nothing is 0", ring_mean(&r) == 0);
	for (int i = 1; i <= 100; i++)
		ring_put(&r, i);
	check("a ring is full, not fuller", ring_fill(&r) == RING_SIZE);
	check("a ring forgets the oldest", ring_mean(&r) == (93 + 100) / 2);
	check("the CRC of the standard's string", crc16("123456789") == 0x29b1);
	check("a CRC in capitals", crc_parse("29B1") == 0x29b1);
	return failed;
}
