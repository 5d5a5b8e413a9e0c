/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds and opens DWARF.
 * in:  vmlinux
 * out: its DWARF, in vmlinux.debug, which has the same build-id
 */
#include "debug.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"

/* What libdwfl asks: debug_find() found it before. */
static int found_before(Dwfl_Module *mod, void **elf, const char *name, Dwarf_Addr base, const char *path,
			const char *link, GElf_Word crc, char **found)
{
	const struct elf *e = *elf;

	(void)mod;
	(void)name;
	(void)base;
	(void)path;
	(void)link;
	(void)crc;
	if (!e->separate)
		return -1;
	*found = must_strdup(e->dwarf_path);
	return open(e->dwarf_path, O_RDONLY | O_CLOEXEC);
}

/* Opens the file again, for libdwfl, as the one that elf_open() has read; -1 if that cannot be. */
static int reopen(const struct elf *e)
{
	int fd = open(e->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		elf_complain(e, FAULT_DEBUG, strerror(errno));
	} else if (!elf_is_unchanged(e)) {
		elf_complain(e, FAULT_DEBUG, "it changed while it was read");
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Opens E by libdwfl, whose Dwfl is then *DWFL; NULL, which is noted, if it cannot be. */
static Dwfl_Module *report(struct elf *e, Dwfl **dwfl)
{
	Dwfl_Module *mod;
	int fd = reopen(e);

	e->callbacks = (Dwfl_Callbacks){
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = found_before,
		.section_address = dwfl_offline_section_address,	/* called for what is not linked */
		.debuginfo_path = &e->debug_path,
	};
	*dwfl = dwfl_begin(&e->callbacks);
	if (!*dwfl)
		die(ST_SYSTEM, "libdwfl: %s", dwfl_errmsg(-1));
	dwfl_report_begin(*dwfl);
	mod = fd < 0 ? NULL : dwfl_report_elf(*dwfl, e->path, e->path, fd, 0, true);
	if (fd >= 0 && !mod) {
		elf_complain(e, FAULT_DEBUG, dwfl_errmsg(-1));
		close(fd);
	}
	dwfl_report_end(*dwfl, NULL, NULL);
	return mod;
}

/*
 * Looks for a separate file; its descriptor, or -1.  That changes what libdwfl has of the module, which so is one of
 * its own, and closes descriptor 0 with it, as if that were the separate file's.
 */
static int find_separate(struct elf *e)
{
	int fd = -1, input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	GElf_Word crc = 0;
	const char *link = dwelf_elf_gnu_debuglink(e->elf, &crc);
	Dwfl *dwfl;
	Dwfl_Module *mod = report(e, &dwfl);
	void *no_data = NULL;

	if (mod)
		fd = dwfl_standard_find_debuginfo(mod, &no_data, e->path, 0, e->path, link, crc, &e->dwarf_path);
	if (fd >= 0)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	e->no_dwarf = mod && fd < 0 && e->whole;
	dwfl_end(dwfl);
	if (input >= 0) {
		dup2(input, STDIN_FILENO);
		close(input);
	}
	return fd;
}

bool debug_is_in(const struct elf *e)
{
	GElf_Shdr sh;

	return elf_section(e->elf, ".debug_info", &sh);
}

/* Whether the file FD is whole: looked at before libdw does, which decompresses sections in place. */
static void check_size(const struct elf *e, int fd)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);

	if (elf)
		elf_check_size(e, elf, FAULT_DWARF_CUT);
	elf_end(elf);
}

void debug_find(struct elf *e)
{
	int fd = -1;

	if (e->dwarf_path)
		return;
	if (e->debug_given && !debug_is_in(e))
		fd = open(e->debug_given, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		e->dwarf_path = must_strdup(e->debug_given);
	else if (!debug_is_in(e))
		fd = find_separate(e);
	e->separate = fd >= 0;
	if (!e->separate)
		e->dwarf_path = must_strdup(e->path);
	e->dwarf_stamp = e->separate ? elf_stamp(fd) : e->stamp;
	if (fd >= 0) {
		check_size(e, fd);
		close(fd);
	}
}

void debug_open(struct elf *e)
{
	Dwarf_Addr bias = 0;
	void **self;

	if (e->debug_is_open)
		return;
	e->debug_is_open = true;
	debug_find(e);
	e->mod = report(e, &e->dwfl);
	if (!e->mod)
		return;
	dwfl_module_info(e->mod, &self, NULL, NULL, NULL, NULL, NULL, NULL);
	*self = e;
	e->dwarf = dwfl_module_getdwarf(e->mod, &bias);
	e->dwarf_bias = bias;
	if (!e->dwarf && (e->separate || debug_is_in(e)))
		elf_complain(e, FAULT_DWARF, dwfl_errmsg(-1));
}

void debug_rest(struct elf *e)
{
	dwfl_end(e->dwfl);
	e->dwfl = NULL;
	e->mod = NULL;
	e->dwarf = NULL;
	e->debug_is_open = false;
}

void debug_close(struct elf *e)
{
	debug_rest(e);
	free(e->debug_path);
	free(e->dwarf_path);
}
