/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The demo's firmware: a node that collects samples.  A command a line, each with its CRC.
 * in:  put 21*3e9a
 * out: ok
 */
#include "crc.h"
#include "ring.h"
#include "uart.h"

static struct ring ring;

static void put_number(int n)
{
	if (n < 0) {
		uart_put('-');
		n = -n;
	}
	if (n > 9)
		put_number(n / 10);
	uart_put('0' + n % 10);
}

static int parse_number(const char *s)
{
	int n = 0, minus = *s == '-';

	for (s += minus; *s >= '0' && *s <= '9'; s++)
		n = 10 * n + *s - '0';
	return minus ? -n : n;
}

/* What is behind WORD and a blank in LINE, or NULL if LINE does not begin so. */
static const char *after(const char *line, const char *word)
{
	for (; *word; word++, line++)
		if (*line != *word)
			return 0;
	return *line == ' ' ? line + 1 : *line ? 0 : line;
}

/* Returns 0 when the node is to power off. */
static int command(const char *line)
{
	const char *arg;

	if ((arg = after(line, "put"))) {
		ring_put(&ring, parse_number(arg));
		uart_puts("ok\n");
	} else if (after(line, "mean")) {
		put_number(ring_mean(&ring));
		uart_put('\n');
	} else if (after(line, "clear")) {
		ring.n = 0;
		uart_puts("ok\n");
	} else if (after(line, "off")) {
		uart_puts("bye\n");
		return 0;
	} else {
		uart_puts("what?\n");
	}
	return 1;
}

/* Cuts the CRC off LINE.  Returns 0 if it is not that of the rest. */
static int checked(char *line)
{
	char *s = line;

	while (*s && *s != '*')
		s++;
	if (!*s)
		return 0;
	*s++ = 0;
	return crc_parse(s) == (int)crc16(line);
}

static void read_line(char *line, unsigned size)
{
	unsigned n = 0;
	int c;

	while ((c = uart_get()) != '\n')
		if (n + 1 < size)
			line[n++] = (char)c;
	line[n] = 0;
}

int main(void)
{
	char line[64];

	do {
		read_line(line, sizeof line);
		while (!checked(line)) {
			uart_puts("again\n");
			read_line(line, sizeof line);
		}
	} while (command(line));
	return 0;
}
