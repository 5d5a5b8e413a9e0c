/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that one release of QEMU has for plugins, as it declares them: no other is exported.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"

struct host host = { .allocated = 1 };
_Thread_local struct vcpu *current;

static void check_id(uint64_t id)
{
	if (id != ID)
		die("a callback was registered with an id that is not the plugin's");
}

void add_op(struct ops *ops, struct op op)
{
	if (ops->n == MAX_OPS)
		die("more than %d operations for one place", MAX_OPS);
	ops->op[ops->n++] = op;
}

uint8_t *host_addr(uint64_t vaddr)
{
	return host.ram + vaddr % RAM_SIZE;
}

/* ---- what happens to the machine ------------------------------------------------------------ */

void qemu_plugin_register_vcpu_init_cb(uint64_t id, vcpu_cb *cb WITH_UDATA)
{
	check_id(id);
	host.init = cb;
	host.init_udata = UDATA;
}

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, trans_cb *cb WITH_UDATA)
{
	check_id(id);
	host.trans = cb;
	host.trans_udata = UDATA;
}

void qemu_plugin_register_atexit_cb(uint64_t id, udata_cb *cb, void *udata)
{
	check_id(id);
	host.atexit = cb;
	host.atexit_udata = udata;
}

void qemu_plugin_register_vcpu_syscall_ret_cb(uint64_t id, syscall_ret_cb *cb WITH_UDATA)
{
	check_id(id);
	host.syscall_ret = cb;
	host.syscall_ret_udata = UDATA;
}

#if RELEASE >= 1002
void qemu_plugin_register_vcpu_discon_cb(uint64_t id, int types, discon_cb *cb WITH_UDATA)
{
	check_id(id);
	host.discon = cb;
	host.discon_types = types;
	host.discon_udata = UDATA;
}
#endif

/* ---- a block that is translated ------------------------------------------------------------- */

uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb)
{
	return tb->start;
}

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb)
{
	return tb->n;
}

struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i)
{
	return i < tb->n ? (struct qemu_plugin_insn *)&tb->insn[i] : NULL;
}

uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn)
{
	return insn->vaddr;
}

size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn)
{
	(void)insn;
	return 4;
}

void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn)
{
	return host_addr(insn->vaddr);
}

char *qemu_plugin_insn_disas(const struct qemu_plugin_insn *insn)
{
	(void)insn;
	return strdup("nop");
}

#if API < 3
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn)
{
	return host_addr(insn->vaddr);
}
#else
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *dest, size_t len)
{
	len = len < 4 ? len : 4;
	memcpy(dest, host_addr(insn->vaddr), len);
	return len;
}
#endif

/* ---- what is done when it runs -------------------------------------------------------------- */

void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, exec_cb *cb, int flags, void *udata)
{
	if (!tb->mem_only)
		add_op(&tb->exec, (struct op){ .kind = CALL, .exec = cb, .flags = flags, .udata = udata });
}

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, exec_cb *cb, int flags, void *udata)
{
	if (!insn->mem_only)
		add_op(&insn->exec, (struct op){ .kind = CALL, .exec = cb, .flags = flags, .udata = udata });
}

void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, mem_cb *cb, int flags, int rw, void *udata)
{
	add_op(&insn->mem, (struct op){ .kind = CALL_MEM, .mem = cb, .flags = flags, .rw = rw, .udata = udata });
}
