/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a line of -d exec.  For a block that is QEMU's accel/tcg/cpu-exec.c, log_cpu_exec(); the newest first:
 *
 *	Trace CPU: 0xHOST [CS_BASE/PC/FLAGS/CFLAGS] SYMBOL	7.2 to 11.1 at the least
 *	Trace CPU: 0xHOST [CS_BASE/PC/FLAGS] SYMBOL
 *	Trace 0xHOST [CPU: PC] SYMBOL
 *	Trace 0xHOST [PC] SYMBOL
 *
 * all in hex but CPU.  PC is the virtual address: CS_BASE is no part of it, on x86 it is in it already, and bit 0
 * of it does not say Thumb.
 *
 * in:  Trace 0: 0x7f6fe4000100 [0000000000000000/00000000004014f0/1040c0b3/00000200] _start
 * out: EXEC_LINE_TRACE, CPU 0, pc 4014f0, cflags 200
 */
#include "exec-line.h"

#include <string.h>

struct text {
	const char *p, *end;
};

static bool skip(struct text *t, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(t->end - t->p) < n || memcmp(t->p, word, n))
		return false;
	t->p += n;
	return true;
}

static bool hex(struct text *t, uint64_t *v)
{
	const char *from = t->p;

	for (*v = 0; t->p < t->end && t->p - from < 16; t->p++) {
		unsigned c = (unsigned char)*t->p, d = c - '0' < 10u ? c - '0' : (c | 32u) - 'a' + 10;

		if (d > 15)
			break;
		*v = *v << 4 | d;
	}
	return t->p > from;
}

static bool decimal_cpu(struct text *t, unsigned *v)
{
	const char *from = t->p;

	for (*v = 0; t->p < t->end && *t->p >= '0' && *t->p <= '9' && *v <= EXEC_CPU_MAX; t->p++)
		*v = *v * 10 + (unsigned)(*t->p - '0');
	return t->p > from && *v <= EXEC_CPU_MAX;
}

/* "PC]", "CPU: PC]" or "CS_BASE/PC/FLAGS/CFLAGS]" */
static bool brackets(struct text *t, struct exec_fields *f)
{
	uint64_t v[4];
	struct text cpu = *t;
	int n = 0;

	if (decimal_cpu(&cpu, &f->cpu) && skip(&cpu, ": "))
		*t = cpu;
	else
		f->cpu = 0;
	do
		if (!hex(t, &v[n++]))
			return false;
	while (n < 4 && skip(t, "/"));
	if (!skip(t, "]") || n == 2)
		return false;
	f->pc = v[n > 1];
	f->has_cflags = n == 4;
	f->cflags = n == 4 ? (uint32_t)v[3] : 0;
	return true;
}

/* What stands after "Trace ". */
static bool trace(struct text t, struct exec_fields *f)
{
	unsigned cpu = 0;
	struct text word = t;
	bool named = decimal_cpu(&word, &cpu) && skip(&word, ": ");

	if (named)
		t = word;
	if (!skip(&t, "0x") || !hex(&t, &f->host) || !skip(&t, " [") || !brackets(&t, f))
		return false;
	f->cpu = named ? cpu : f->cpu;
	return true;
}

/* "Stopped execution of TB chain before 0xHOST [PC] SYMBOL" */
static bool stopped(struct text t, struct exec_fields *f)
{
	return skip(&t, "0x") && hex(&t, &f->host) && skip(&t, " [") && hex(&t, &f->pc) && skip(&t, "]");
}

/* A block whose line begins within this one, after what the guest wrote without a newline. */
static enum exec_line inside(struct text t, struct exec_fields *f)
{
	static const char word[] = "Trace ";

	while ((t.p = memmem(t.p, (size_t)(t.end - t.p), word, sizeof word - 1))) {
		t.p += sizeof word - 1;
		if (trace(t, f))
			return EXEC_LINE_TRACE;
	}
	return EXEC_LINE_OTHER;
}

/* Whether the text begins as a block's line does: with "0x" or "N: ". */
static bool looks_like_trace(struct text t)
{
	unsigned cpu;

	return skip(&t, "0x") || (decimal_cpu(&t, &cpu) && (t.p == t.end || skip(&t, ":"))) || t.p == t.end;
}

/* What else -d exec writes, and -d page: rows "LO-HI SIZE PROT", and what stands above and below. */
static bool is_known(struct text t)
{
	static const char *const words[] = {
		"Linking TBs ", "Chain ", "page layout changed ", "start ", "end_", "start_", "brk ", "entry ", "argv_start ",
		"env_start ", "auxv_start ", "guest_base ", "host mmap_min_addr=", "pgb_",
		"Locating guest address space @ ",
	};
	uint64_t v;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (skip(&t, words[i]))
			return true;
	return hex(&t, &v) && skip(&t, "-") && hex(&t, &v);
}

enum exec_line exec_line_read(const char *line, size_t len, struct exec_fields *f)
{
	struct text t = { line, line + len };

	if (skip(&t, "Trace ")) {
		if (trace(t, f) || inside(t, f) == EXEC_LINE_TRACE)
			return EXEC_LINE_TRACE;
		return looks_like_trace(t) ? EXEC_LINE_BROKEN : EXEC_LINE_OTHER;
	}
	if (skip(&t, "Stopped execution of TB chain before "))
		return stopped(t, f) ? EXEC_LINE_STOPPED : EXEC_LINE_BROKEN;
	if (skip(&t, "cpu_io_recompile: rewound execution of TB to "))
		return hex(&t, &f->pc) ? EXEC_LINE_REWOUND : EXEC_LINE_BROKEN;
	if (skip(&t, "start_code  0x"))
		return hex(&t, &f->pc) ? EXEC_LINE_START_CODE : EXEC_LINE_BROKEN;
	return is_known(t) ? EXEC_LINE_KNOWN : inside(t, f);
}
