/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CRC-16/CCITT of a string, and its four hex digits read. */
#ifndef CRC_H
#define CRC_H

unsigned crc16(const char *s);

/* The number that the four digits at S are; -1 if they are not. */
int crc_parse(const char *s);

#endif
