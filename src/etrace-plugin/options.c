/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin's arguments, as QEMU splits them at commas.
 * in:  out=unix:/tmp/s, mode=count
 * out: struct options
 */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "say.h"

enum { SWITCHER_MIN = 8 };	/* bytes; fewer are many functions' */

static bool parse_bool(const char *key, const char *value, bool *b)
{
	*b = !strcmp(value, "on") || !strcmp(value, "yes") || !strcmp(value, "true");
	if (*b || !strcmp(value, "off") || !strcmp(value, "no") || !strcmp(value, "false"))
		return true;
	say("%s takes on or off, not '%s'", key, value);
	return false;
}

/* One of two words. */
static bool parse_word(const char *key, const char *value, const char *no, const char *yes, bool *b)
{
	*b = !strcmp(value, yes);
	if (*b || !strcmp(value, no))
		return true;
	say("%s takes %s or %s, not '%s'", key, no, yes, value);
	return false;
}

static bool parse_mem(const char *value, enum mem_mode *m)
{
	*m = !strcmp(value, "io") ? MEM_IO : !strcmp(value, "all") ? MEM_ALL : MEM_NONE;
	if (*m != MEM_NONE || !strcmp(value, "off"))
		return true;
	say("mem takes off, io or all, not '%s'", value);
	return false;
}

/* "LO-HI", in hex, HI not included. */
static bool parse_range(struct options *o, const char *value)
{
	struct range r;
	char *end;

	r.lo = strtoull(value, &end, 16);
	if (end == value || *end != '-' || !end[1]) {
		say("range takes LO-HI, addresses in hex, not '%s'", value);
		return false;
	}
	value = end + 1;
	r.hi = strtoull(value, &end, 16);
	if (*end || r.hi <= r.lo) {
		say("range takes LO-HI, in hex, HI above LO and not included; it ends with '%s'", value);
		return false;
	}
	o->range = realloc(o->range, (o->n_range + 1) * sizeof *o->range);
	if (!o->range)
		return false;
	o->range[o->n_range++] = r;
	return true;
}

/* The value of a hexadecimal digit, or -1. */
static int digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Reads pairs of digits from *VALUE, which moves past them, to P, and returns how many bytes they are. */
static size_t parse_bytes(const char **value, uint8_t *p)
{
	const char *s = *value;
	size_t n = 0;
	int high, low;

	for (; (high = digit(s[0])) >= 0 && (low = digit(s[1])) >= 0; s += 2)
		p[n++] = (uint8_t)(high << 4 | low);
	*value = s;
	return n;
}

/* "CODE" or "CODE:OFFSET", in hex. */
static bool parse_switch(struct options *o, const char *value)
{
	const char *s = value;
	char *end = NULL;
	struct switcher w = { .code = malloc(strlen(value) / 2 + 1) };

	o->switcher = realloc(o->switcher, (o->n_switcher + 1) * sizeof *o->switcher);
	if (!w.code || !o->switcher)
		return false;
	w.n = parse_bytes(&s, w.code);
	if (*s == ':' && digit(s[1]) >= 0)
		w.offset = strtoull(s + 1, &end, 16);
	if (w.n < SWITCHER_MIN || *(end ? end : s)) {
		say("switch takes CODE or CODE:OFFSET, in hex, where CODE is a function's first bytes, %d or more, not '%s'",
		    SWITCHER_MIN, value);
		return false;
	}
	o->switcher[o->n_switcher++] = w;
	return true;
}

static bool parse_one(struct options *o, const char *arg)
{
	const char *eq = strchr(arg, '='), *value = eq ? eq + 1 : "on";
	size_t n = eq ? (size_t)(eq - arg) : strlen(arg);
#define KEY(k) (n == sizeof k - 1 && !memcmp(arg, k, n))

	if (KEY("out"))
		return *(o->out = value);
	if (KEY("mode"))
		return parse_word("mode", value, "exec", "count", &o->counting);
	if (KEY("time"))
		return parse_word("time", value, "insns", "host", &o->host_time);
	if (KEY("format"))
		return parse_word("format", value, "blocks", "etrace", &o->entries);
	if (KEY("exact"))
		return parse_bool("exact", value, &o->exact);
	if (KEY("tb"))
		return parse_bool("tb", value, &o->tb);
	if (KEY("mem"))
		return parse_mem(value, &o->mem);
	if (KEY("range"))
		return parse_range(o, value);
	if (KEY("switch"))
		return parse_switch(o, value);
#undef KEY
	say("there is no option '%s'; there are out, mode, format, time, exact, tb, mem, range and switch", arg);
	return false;
}

bool options_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .tb = true };
	for (int i = 0; i < argc; i++)
		if (!parse_one(o, argv[i]))
			return false;
	if (!o->out) {
		say("out= is missing: out=FILE, out=unix:PATH, out=server:PATH or out=fd:N says where the trace goes");
		return false;
	}
	if (o->counting && (o->exact || o->host_time || o->mem || o->n_switcher)) {
		say("mode=count keeps no order, so that exact, time=host, mem and switch need mode=exec");
		return false;
	}
	if (o->n_switcher && (o->entries || o->host_time)) {
		say("switch needs format=blocks: other readers of etrace know no SWITCH packets; so no time=host either");
		return false;
	}
	return true;
}
