/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which QEMU this is, and which version of the plugin API to ask it for.
 * in:  "QEMU emulator version 11.1.3", among QEMU's constants
 * out: 7
 *
 * Each release takes a range of versions (plugins/loader.c: 7.2 to 8.2 up to 1, 9.0 to 11.0 from 2 on,
 * 11.1 only 7), and no function tells 6, of release 11.0, from 7.
 */
#include "release.h"

#include <link.h>
#include <stdio.h>
#include <string.h>

#include "qemu.h"

/*
 * 100 * MAJOR + MINOR of "QEMU emulator version MAJOR.MINOR...", or of "qemu-arm version ..." in user
 * mode, among the N bytes of strings at P; 0 if there is neither.
 */
static unsigned release_in(const char *p, size_t n)
{
	static const char mark[] = " version ";
	const char *end = p + n, *at = p;

	for (; (at = memmem(at, (size_t)(end - at), mark, sizeof mark - 1)); at++) {
		const char *nul = memrchr(p, 0, (size_t)(at - p)), *text = nul ? nul + 1 : p;
		unsigned major, minor;

		if ((!strncmp(text, "QEMU emulator", 13) || !strncmp(text, "qemu-", 5)) &&
		    memchr(at, 0, (size_t)(end - at)) && sscanf(at, " version %u.%u", &major, &minor) == 2)
			return 100 * major + minor;
	}
	return 0;
}

/* Looks through the constants of the program itself, which comes first. */
static int look(struct dl_phdr_info *program, size_t size, void *n)
{
	(void)size;
	for (int i = 0; i < program->dlpi_phnum && !*(unsigned *)n; i++) {
		const ElfW(Phdr) *ph = &program->dlpi_phdr[i];

		if (ph->p_type == PT_LOAD && (ph->p_flags & PF_R) && !(ph->p_flags & (PF_W | PF_X)))
			*(unsigned *)n = release_in((const char *)program->dlpi_addr + ph->p_vaddr, ph->p_filesz);
	}
	return 1;
}

unsigned qemu_release(void)
{
	unsigned n = 0;

	dl_iterate_phdr(look, &n);
	return n;
}

int release_api(void)
{
	if (!qemu_plugin_scoreboard_new)
		return 1;
	if (!qemu_plugin_set_pc)
		return 2;
	return qemu_release() == 1100 ? 6 : 7;
}
