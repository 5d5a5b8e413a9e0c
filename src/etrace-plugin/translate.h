/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done when QEMU translates a block.
 */
#ifndef ETRACE_TRANSLATE_H
#define ETRACE_TRANSLATE_H

#include "guests.h"
#include "link.h"
#include "options.h"
#include "qemu.h"

/* Registers the callbacks that fill the area. */
void translate_start(qemu_plugin_id_t id, const qemu_info_t *info, const struct guest *guest,
		     const struct options *o, struct link *l);

#endif
