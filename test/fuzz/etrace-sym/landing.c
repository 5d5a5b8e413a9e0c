/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exception tables: any bytes in their place, in a program for x86 and in one for ARM.
 * in:  bytes that take the place of .eh_frame or .ARM.extab, and of what follows up to .gcc_except_table or .ARM.exidx
 * out: nothing, if all is well
 */
#include <fcntl.h>

#include "fuzz.h"
#include "landing.h"

/* A program in memory, and where in it the tables are. */
struct program {
	const char *path, *first, *last;	/* sections, the file, and: */
	char bytes[8192];
	size_t n, lo, hi;
};

static struct program programs[] = {
	{ .path = "test/data/ends/pads-i686.elf", .first = ".eh_frame", .last = ".gcc_except_table" },
	{ .path = "test/data/ends/pads-arm.elf", .first = ".ARM.extab", .last = ".ARM.exidx" },
};

static void load(struct program *p)
{
	struct elf e;
	GElf_Shdr sh;
	int fd = open(p->path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, p->bytes, sizeof p->bytes);

	if (n <= 0 || n == sizeof p->bytes || !elf_open(&e, p->path, NULL, false))
		die(ST_SYSTEM, "%s is missing: run this from the top of the source", p->path);
	close(fd);
	p->n = (size_t)n;
	FUZZ_CHECK(elf_section(e.elf, p->first, &sh));
	p->lo = sh.sh_offset;
	FUZZ_CHECK(elf_section(e.elf, p->last, &sh));
	p->hi = sh.sh_offset + sh.sh_size;
	elf_close(&e);
}

/* What each address has is in order, and in no more bytes than there are. */
static void check(const struct elf *e)
{
	struct landing *l = landing_read(e);
	size_t n;

	for (uint64_t at = e->code[0].lo; at < e->code[0].hi; at++) {
		const struct range *r = landing_at(l, at, &n);

		for (size_t i = 0; r && i < n; i++)
			FUZZ_CHECK(!i || r[i].lo > r[i - 1].hi);
	}
	landing_free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct program *p = &programs[size & 1];
	char bytes[sizeof p->bytes], path[64];
	struct elf e;
	int fd;

	if (!p->n)
		load(p);
	memcpy(bytes, p->bytes, p->n);
	memcpy(bytes + p->lo, data, p->hi - p->lo < size ? p->hi - p->lo : size);
	fd = fuzz_file(bytes, p->n);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	FUZZ_CHECK(elf_open(&e, path, NULL, false));
	check(&e);
	elf_close(&e);
	close(fd);
	return 0;
}
