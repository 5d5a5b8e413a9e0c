/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial port of QEMU's machine virt: a PL011, polled. */
#include "uart.h"

#define DR (*(volatile unsigned *)0x09000000)
#define FR (*(volatile unsigned *)0x09000018)

enum { RX_EMPTY = 1 << 4, TX_FULL = 1 << 5 };

int uart_get(void)
{
	while (FR & RX_EMPTY)
		;
	return DR & 0xff;
}

void uart_put(int c)
{
	while (FR & TX_FULL)
		;
	DR = (unsigned)c;
}

void uart_puts(const char *s)
{
	while (*s)
		uart_put(*s++);
}
