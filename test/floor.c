/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What any plugin must cost: on each block the least that could be of use.  For bench-linux.sh, QEMU
 * 7.2 to 8.2.
 * in:  mode=count, or mode=exec
 * out: nothing; count adds 1 to a number inline, exec calls a function that stores a word
 */
#include <string.h>

#include "../src/etrace-plugin/qemu.h"

EXPORT int qemu_plugin_version = 1;

static uint64_t count;
static uint32_t last[4096], n;
static bool counting;

static void on_exec(unsigned vcpu, void *block)
{
	(void)vcpu;
	last[n++ % 4096] = (uint32_t)(uintptr_t)block;
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	if (counting)
		qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &count, 1);
	else
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_exec, QEMU_PLUGIN_CB_NO_REGS, tb);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	counting = argc && !strcmp(argv[0], "mode=count");
	if (counting && !qemu_plugin_register_vcpu_tb_exec_inline)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, (qemu_any_cb)on_translate, NULL);
	return 0;
}
