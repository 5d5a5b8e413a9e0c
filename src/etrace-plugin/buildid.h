/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Build-ids of ELF files.
 */
#ifndef ETRACE_BUILDID_H
#define ETRACE_BUILDID_H

#include <stdbool.h>

enum { BUILD_ID_MAX = 64 };

/*
 * The build-id of the ELF file PATH (GNU_BUILD_ID note), in hex, into TEXT, which has room for
 * 2 * BUILD_ID_MAX + 1.  False if it has none or cannot be read.
 */
bool build_id(const char *path, char *text);

#endif
