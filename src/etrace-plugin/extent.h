/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where blocks end.
 */
#ifndef ETRACE_EXTENT_H
#define ETRACE_EXTENT_H

#include <stddef.h>
#include <stdint.h>

#include "qemu.h"

/* How many instructions a block has, at least one, and in *END where it ends. */
size_t extent(const struct qemu_plugin_tb *tb, const qemu_info_t *info, uint64_t *end);

#endif
