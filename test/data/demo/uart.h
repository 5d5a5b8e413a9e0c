/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial port. */
#ifndef UART_H
#define UART_H

int uart_get(void);
void uart_put(int c);
void uart_puts(const char *s);

#endif
