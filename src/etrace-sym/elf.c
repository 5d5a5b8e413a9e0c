/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens ELF files.
 * in:  vmlinux
 * out: its executable sections, what machine it is for
 */
#include "elf.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "code.h"
#include "debug.h"
#include "die.h"
#include "patchsite.h"
#include "search.h"

/* libelf has no sections where the headers of these are beyond the end of the file, and says nothing. */
bool elf_check_size(const struct elf *e, Elf *elf, enum fault kind)
{
	size_t size;
	char why[128];
	GElf_Ehdr eh;
	GElf_Shdr sh;
	uint64_t end;

	if (!elf_rawfile(elf, &size) || !gelf_getehdr(elf, &eh)) {
		elf_complain(e, kind, elf_errmsg(0));
		return false;
	}
	end = eh.e_shoff ? eh.e_shoff + (eh.e_shnum ? eh.e_shnum : 1) * (uint64_t)eh.e_shentsize : 0;
	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		if (!gelf_getshdr(s, &sh) || sh.sh_type == SHT_NOBITS || sh.sh_type == SHT_NULL || !sh.sh_size)
			continue;
		if (sh.sh_offset + sh.sh_size < sh.sh_offset)
			end = UINT64_MAX;
		else if (sh.sh_offset + sh.sh_size > end)
			end = sh.sh_offset + sh.sh_size;
	}
	snprintf(why, sizeof why, "by its headers it has %llu bytes, but it has %llu", (unsigned long long)end,
		 (unsigned long long)size);
	if (end > size)
		elf_complain(e, kind, why);
	return end <= size;
}

static bool has_magic(int fd)
{
	char magic[4];

	return pread(fd, magic, 4, 0) == 4 && !memcmp(magic, "\177ELF", 4);
}

bool elf_is_there(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is = fd >= 0 && has_magic(fd);

	if (fd >= 0)
		close(fd);
	return is;
}

static bool is_elf(int fd, const char *path)
{
	if (has_magic(fd))
		return true;
	warn("%s: byte 0: not an ELF file; give the file with symbols and DWARF that the guest ran (for Linux "
	     "vmlinux, not the Image)", path);
	return false;
}

bool elf_section(Elf *elf, const char *name, GElf_Shdr *sh)
{
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return false;
	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		const char *is = gelf_getshdr(s, sh) ? elf_strptr(elf, names, sh->sh_name) : NULL;

		/* .zdebug_info is an older name for a compressed .debug_info */
		if (is && sh->sh_type != SHT_NOBITS && is[0] == '.' && !strcmp(is + 1 + (is[1] == 'z'), name + 1))
			return true;
	}
	return false;
}

/* Gives the sections of an object file their addresses, the same as libdwfl's dwfl_report_elf() does. */
static void lay_out(Elf *elf)
{
	uint64_t end = 0;
	GElf_Shdr sh;

	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		uint64_t align;

		if (!gelf_getshdr(s, &sh) || !(sh.sh_flags & SHF_ALLOC))
			continue;
		align = sh.sh_addralign ? sh.sh_addralign : 1;
		sh.sh_addr = (end + align - 1) & -align;
		end = sh.sh_addr + sh.sh_size;
		gelf_update_shdr(s, &sh);
	}
}

static void read_build_id(struct elf *e)
{
	const void *id;
	ssize_t n = dwelf_elf_gnu_build_id(e->elf, &id);

	if (n < 0)
		elf_complain(e, FAULT_BUILD_ID, elf_errmsg(-1));
	strcpy(e->build_id, "-");
	for (ssize_t i = 0; i < n && i < BUILD_ID_MAX; i++)
		sprintf(e->build_id + 2 * i, "%02x", ((const uint8_t *)id)[i]);
}

/* Reads the file's headers, and finds its code. */
static bool read_file(struct elf *e, int fd)
{
	GElf_Ehdr eh;

	elf_version(EV_CURRENT);
	/* Private, so that addresses can be written to its headers. */
	e->elf = elf_begin(fd, ELF_C_READ_MMAP_PRIVATE, NULL);
	if (!e->elf || !gelf_getehdr(e->elf, &eh) || elf_cntl(e->elf, ELF_C_FDREAD)) {
		warn("%s: cannot read this ELF file: %s; is it whole?", e->path, elf_errmsg(-1));
		return false;
	}
	e->machine = eh.e_machine;
	e->bits = eh.e_ident[EI_CLASS] == ELFCLASS32 ? 32 : 64;
	e->big_endian = eh.e_ident[EI_DATA] == ELFDATA2MSB;
	e->movable = eh.e_type == ET_DYN;
	e->is_rel = eh.e_type == ET_REL;
	if (e->is_rel)
		lay_out(e->elf);
	e->patches_itself = patchsites_any(e->elf);
	e->whole = elf_check_size(e, e->elf, FAULT_CUT);
	read_build_id(e);
	code_open(e);
	return true;
}

struct stamp elf_stamp(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? (struct stamp){ 0 } : (struct stamp){ (uint64_t)st.st_size, st.st_mtim };
}

/* Whether the file PATH has the stamp S. */
static bool has_stamp(const char *path, const struct stamp *s)
{
	struct stat st;

	return !stat(path, &st) && (uint64_t)st.st_size == s->size && st.st_mtim.tv_sec == s->time.tv_sec &&
	       st.st_mtim.tv_nsec == s->time.tv_nsec;
}

bool elf_is_unchanged(const struct elf *e)
{
	return has_stamp(e->path, &e->stamp) && (!e->separate || has_stamp(e->dwarf_path, &e->dwarf_stamp));
}

bool elf_open(struct elf *e, const char *path, const char *debug_dir, bool installed)
{
	/* libdwfl takes a relative directory to be relative to the ELF file's. */
	char *dir = debug_dir ? realpath(debug_dir, NULL) : NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		warn("%s: %s", path, strerror(errno));
	*e = (struct elf){ .faults = faults_new(), .path = must_strdup(path), .stamp = elf_stamp(fd) };
	if (asprintf(&e->debug_path, ":.debug%s%s%s", installed ? ":/usr/lib/debug" : "", dir ? ":" : "", dir ? dir : "") < 0)
		die(ST_SYSTEM, "no memory left");
	free(dir);
	ok = fd >= 0 && is_elf(fd, path) && read_file(e, fd);
	if (fd >= 0)
		close(fd);
	if (!ok)
		elf_close(e);
	return ok;
}

void elf_close(struct elf *e)
{
	debug_close(e);
	code_close(e);
	elf_end(e->elf);
	free(e->path);
	free(e->debug_given);
	faults_free(e->faults);
	*e = (struct elf){ .path = NULL };
}

void elf_complain(const struct elf *e, enum fault kind, const char *why)
{
	faults_note(e->faults, kind, why);
}

bool elf_is_whole(const struct elf *e)
{
	return faults_say(e->faults, e->path, e->dwarf_path ? e->dwarf_path : e->path);
}

bool elf_is_code(const struct elf *e, uint64_t addr)
{
	size_t i;

	SEARCH(i, e->n_code, e->code[i].hi <= addr);
	return i < e->n_code && addr >= e->code[i].lo;
}

uint64_t elf_code_end(const struct elf *e, uint64_t addr)
{
	size_t i;

	SEARCH(i, e->n_code, e->code[i].hi <= addr);
	return i < e->n_code && addr >= e->code[i].lo ? e->code[i].hi : addr;
}

const uint8_t *elf_code(const struct elf *e, uint64_t addr, uint64_t *start, size_t *n)
{
	const struct section *s = code_section(e, addr);

	if (!s || !s->bytes)
		return NULL;
	*start = s->addr;
	*n = s->size;
	return s->bytes;
}

bool elf_at_offset(const struct elf *e, uint64_t offset, uint64_t *addr)
{
	bool found = false;
	GElf_Phdr ph;
	size_t n;

	if (elf_getphdrnum(e->elf, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint64_t lo;

		if (!gelf_getphdr(e->elf, (int)i, &ph) || ph.p_type != PT_LOAD)
			continue;
		lo = ph.p_offset & ~(uint64_t)4095;	/* pages are mapped, not segments */
		if (offset < lo || offset >= ph.p_offset + ph.p_filesz)
			continue;
		if (!found || ph.p_flags & PF_X)
			*addr = ph.p_vaddr - ph.p_offset + offset;
		found = true;
		if (ph.p_flags & PF_X)
			break;
	}
	return found;
}

/* Not the lowest: Linux for x86-64 has its variables for each CPU at 0, after its code. */
uint64_t elf_first_page(const struct elf *e)
{
	GElf_Phdr ph;
	size_t n;

	if (elf_getphdrnum(e->elf, &n))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (gelf_getphdr(e->elf, (int)i, &ph) && ph.p_type == PT_LOAD)
			return ph.p_vaddr & ~(uint64_t)4095;
	return 0;
}
