/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CRC-16/CCITT.
 * in:  123456789
 * out: 29b1
 */
#include "crc.h"

unsigned crc16(const char *s)
{
	unsigned crc = 0xffff;

	for (; *s; s++) {
		crc ^= (unsigned)*s << 8;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
	}
	return crc;
}

static int digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int crc_parse(const char *s)
{
	int n = 0;

	for (int i = 0; i < 4; i++) {
		int d = digit(s[i]);

		if (d < 0)
			return -1;
		n = n << 4 | d;
	}
	return n;
}
