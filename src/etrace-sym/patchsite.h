/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where Linux changes its code when it loads it or later: tables in the ELF file say it.
 */
#ifndef ETRACE_SYM_PATCHSITE_H
#define ETRACE_SYM_PATCHSITE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether ELF has such tables. */
bool patchsites_any(Elf *elf);

/* Calls SITE for each site in section NUMBER of ELF, an object file: where in the section it is, and its bytes. */
void patchsites(Elf *elf, size_t number, void (*site)(void *arg, uint64_t off, uint8_t bytes), void *arg);

#endif
