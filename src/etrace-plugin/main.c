/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * etrace-plugin: makes any QEMU that has TCG plugins a source of etrace.
 * in:  qemu-system-aarch64 ... -plugin etrace-plugin.so,out=unix:/tmp/s
 * out: a binary trace, etrace-stream(5)
 */
#include "guests.h"
#include "link.h"
#include "options.h"
#include "qemu.h"
#include "release.h"
#include "say.h"
#include "translate.h"

enum { USER_THREADS = 512 };

/*
 * The API version that this plugin asks for.  QEMU reads it after the plugin was loaded and before
 * qemu_plugin_install(), so it can be chosen when it is known which QEMU this is.
 */
EXPORT int qemu_plugin_version;
EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv);

__attribute__((constructor)) static void choose_version(void)
{
	qemu_plugin_version = release_api();
}

/* Whether this QEMU has what the options need; what is missing is said. */
static bool has_all(void)
{
	if (qemu_plugin_register_vcpu_tb_exec_inline || qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu)
		return true;
	say("this QEMU is not one that the plugin knows: it is made for QEMU 7.2 to 11.1");
	return false;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	static struct link link;
	struct options o;
	const struct guest *guest = guest_find(info->target_name);
	unsigned n = info->system_emulation ? (unsigned)info->system.max_vcpus : USER_THREADS;

	if (!has_all() || !options_parse(&o, argc, argv))
		return 1;
	if (!guest) {
		say("the guest %s is not one that the plugin knows", info->target_name);
		return 1;
	}
	if (!link_map(&link, n, o.counting))
		return 1;
	link.area.s->bits = guest->bits;
	link.area.s->big_endian = guest->big_endian;
	translate_start(id, info, guest, &o, &link);
	return link_start(&link, o.out) ? 0 : 1;
}
