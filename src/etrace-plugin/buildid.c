/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The build-id of an ELF file, which may be of any class and byte order: it is the guest's.
 * in:  /usr/bin/true
 * out: 9b86d6a4...
 *
 * ELF headers: System V ABI, chapters 4 and 5; NT_GNU_BUILD_ID: elf.h.  QEMU has no libelf, so a plugin
 * that asked for one would not load everywhere.
 */
#include "buildid.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct file {
	int fd;
	bool wide, big;		/* ELFCLASS64, ELFDATA2MSB */
};

/* The unsigned integer of N bytes (2, 4 or 8) at P. */
static uint64_t load(const struct file *f, const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v |= (uint64_t)p[i] << 8 * (f->big ? n - 1 - i : i);
	return v;
}

/* The build-id among the N bytes of notes at P. */
static bool find_note(const struct file *f, const uint8_t *p, size_t n, char *text)
{
	while (n >= 12) {
		size_t name = load(f, p, 4), id = load(f, p + 4, 4), type = load(f, p + 8, 4);
		size_t at = 12 + ((name + 3) & ~(size_t)3), all = at + ((id + 3) & ~(size_t)3);

		if (name > n || id > n || at + id > n)
			return false;
		if (type == NT_GNU_BUILD_ID && name == 4 && !memcmp(p + 12, "GNU", 4) && id && id <= BUILD_ID_MAX) {
			for (size_t i = 0; i < id; i++)
				sprintf(text + 2 * i, "%02x", p[at + i]);
			return true;
		}
		if (all > n)
			return false;
		p += all;
		n -= all;
	}
	return false;
}

static bool find_segment(const struct file *f, uint64_t phoff, unsigned size, unsigned n, char *text)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t ph[sizeof(Elf64_Phdr)], note[4096];
		ssize_t got;
		size_t len;

		if (pread(f->fd, ph, sizeof ph, (off_t)(phoff + (uint64_t)i * size)) < (ssize_t)sizeof(Elf32_Phdr))
			return false;
		if (load(f, ph, 4) != PT_NOTE)
			continue;
		len = load(f, ph + (f->wide ? 32 : 16), f->wide ? 8 : 4);
		got = pread(f->fd, note, len < sizeof note ? len : sizeof note,
			    (off_t)load(f, ph + (f->wide ? 8 : 4), f->wide ? 8 : 4));
		if (got > 0 && find_note(f, note, (size_t)got, text))
			return true;
	}
	return false;
}

bool build_id(const char *path, char *text)
{
	struct file f = { .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	uint8_t h[sizeof(Elf64_Ehdr)];
	bool found = false;

	if (f.fd < 0)
		return false;
	if (pread(f.fd, h, sizeof h, 0) == sizeof h && !memcmp(h, ELFMAG, SELFMAG)) {
		f.wide = h[EI_CLASS] == ELFCLASS64;
		f.big = h[EI_DATA] == ELFDATA2MSB;
		found = find_segment(&f, load(&f, h + (f.wide ? 32 : 28), f.wide ? 8 : 4),
				     (unsigned)load(&f, h + (f.wide ? 54 : 42), 2),
				     (unsigned)load(&f, h + (f.wide ? 56 : 44), 2), text);
	}
	close(f.fd);
	return found;
}
