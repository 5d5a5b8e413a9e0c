/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing packets (wire.h), with fields in the byte order of the host, as all writers of the format have it.
 */
#ifndef ETRACE_PACKET_H
#define ETRACE_PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <string.h>

#include "shared.h"
#include "wire.h"

/* Puts the BYTES (1, 2, 4 or 8) bytes of V at P. */
static inline void put_uint(uint8_t *p, unsigned bytes, uint64_t v)
{
	memcpy(p, &v, bytes);
}

/* Puts the header of a packet with LEN bytes behind it at P. */
void packet_header(uint8_t *p, unsigned type, unsigned unit, size_t len);

/* The writer's end before its time, after a message of WHAT and WHY. */
noreturn void give_up(const struct area *a, const char *what, const char *why);

/* SIZE bytes of zeros; never freed.  The writer ends if there is no memory, after a message. */
void *alloc_pages(const struct area *a, size_t size);

/* What the trace is written to.  Small packets are gathered: where each exception has two, a write() each is slow. */
struct sink {
	int fd;
	size_t len;		/* bytes in buf */
	uint8_t buf[65536];
};

/* Writes all, or keeps it until sink_flush(); the writer ends if that is not possible, after a message. */
void write_all(const struct area *a, struct sink *s, const uint8_t *p, size_t n);
void sink_flush(const struct area *a, struct sink *s);

#endif
