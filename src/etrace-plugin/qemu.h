/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of QEMU's interface for TCG plugins that are used, declared from its documentation ("QEMU
 * TCG Plugins", API, of releases 7.2 to 11.1).
 *
 * One binary serves them all.  What not every release has is declared weak, and is NULL where it is
 * missing: API versions 0 and 1 (QEMU 7.2 to 8.2) count inline on plain memory, later ones on
 * scoreboards, one element a vCPU.
 */
#ifndef ETRACE_QEMU_H
#define ETRACE_QEMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))
#define QEMU __attribute__((visibility("default"))) extern
#define QEMU_MAYBE __attribute__((visibility("default"), weak)) extern

typedef uint64_t qemu_plugin_id_t;

typedef struct {
	const char *target_name;
	struct {
		int min, cur;		/* API versions that this QEMU takes */
	} version;
	bool system_emulation;
	union {
		struct {
			int smp_vcpus, max_vcpus;
		} system;
	};
} qemu_info_t;

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_scoreboard;
struct qemu_plugin_hwaddr;

typedef struct {
	struct qemu_plugin_scoreboard *score;
	size_t offset;			/* of a uint64_t in its element */
} qemu_plugin_u64;

enum { QEMU_PLUGIN_CB_NO_REGS = 0, QEMU_PLUGIN_CB_R_REGS = 1 };
enum { QEMU_PLUGIN_INLINE_ADD_U64 = 0 };
enum { QEMU_PLUGIN_COND_NE = 3 };
enum { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_RW = 3 };

typedef uint32_t qemu_plugin_meminfo_t;

typedef struct {
	int type;			/* 0 to 4: 8 << type bits */
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
		struct {
			uint64_t low, high;
		} u128;
	} data;
} qemu_plugin_mem_value;

typedef void (*qemu_exec_cb)(unsigned vcpu, void *udata);
typedef void (*qemu_mem_cb)(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata);

/*
 * A callback whose arguments depend on the API: up to 6 it gets the plugin's id first, from 7 on the
 * registrar's udata last.  Registrars of older APIs that know no udata ignore the argument.
 */
typedef void (*qemu_any_cb)(void);

QEMU void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t id, qemu_any_cb cb, void *udata);
QEMU void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_any_cb cb, void *udata);
QEMU void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, qemu_any_cb cb, void *udata);

/* From release 10.2 on: calls CB after an event of TYPES, before the next block begins. */
enum { QEMU_PLUGIN_DISCON_INTERRUPT = 1, QEMU_PLUGIN_DISCON_EXCEPTION = 2 };
QEMU_MAYBE void qemu_plugin_register_vcpu_discon_cb(qemu_plugin_id_t id, int types, qemu_any_cb cb, void *udata);

/* Calls CB after each system call of the guest, in user mode. */
QEMU_MAYBE void qemu_plugin_register_vcpu_syscall_ret_cb(qemu_plugin_id_t id, qemu_any_cb cb, void *udata);

QEMU uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
QEMU size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
QEMU struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
QEMU uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
/* In user mode, where the instruction is in this process; NULL if it cannot be read there. */
QEMU_MAYBE void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);
QEMU size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
/* Allocated; "" if QEMU has no disassembler for the guest, and ".byte ..." if that does not know the instruction. */
QEMU char *qemu_plugin_insn_disas(const struct qemu_plugin_insn *insn);
/* The bytes of an instruction: one name, two functions.  Up to API 2, and from API 3 on. */
QEMU const void *qemu_plugin_insn_data_2(const struct qemu_plugin_insn *insn) __asm__("qemu_plugin_insn_data");
QEMU size_t qemu_plugin_insn_data_3(const struct qemu_plugin_insn *insn, void *dest, size_t len)
	__asm__("qemu_plugin_insn_data");

QEMU void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, qemu_exec_cb cb, int flags, void *udata);
QEMU void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, qemu_exec_cb cb, int flags,
						 void *udata);
QEMU void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_mem_cb cb, int flags, int rw,
					   void *udata);

/* API 0 and 1 */
QEMU_MAYBE void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *p, uint64_t imm);
QEMU_MAYBE void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *p,
							   uint64_t imm);
/* API 2 and later */
QEMU_MAYBE struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_size);
QEMU_MAYBE void *qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *score, unsigned vcpu);
QEMU_MAYBE void qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(struct qemu_plugin_tb *tb, int op,
								   qemu_plugin_u64 entry, uint64_t imm);
QEMU_MAYBE void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, int op,
								     qemu_plugin_u64 entry, uint64_t imm);
/* API 3 and later */
QEMU_MAYBE void qemu_plugin_register_vcpu_tb_exec_cond_cb(struct qemu_plugin_tb *tb, qemu_exec_cb cb, int flags,
							  int cond, qemu_plugin_u64 entry, uint64_t imm, void *udata);
/* API 4 and later */
QEMU_MAYBE qemu_plugin_mem_value qemu_plugin_mem_get_value(qemu_plugin_meminfo_t info);

/*
 * Registers, API 2 and later.  A descriptor is {handle, name, feature} and, in later releases, more, so
 * that its size is to be asked.  The arrays are glib's, which is in QEMU.  Reading appends the register's
 * bytes, in the guest's order, to BUF; it returns an int up to API 5, a bool from 6 on, and no caller
 * here looks at that: BUF's length says it.
 */
struct qemu_register {
	void *handle;
	const char *name, *feature;
};

struct g_array {
	char *data;
	unsigned len;		/* elements */
};

QEMU_MAYBE struct g_array *qemu_plugin_get_registers(void);
QEMU_MAYBE void qemu_plugin_read_register(void *handle, struct g_array *buf);
QEMU_MAYBE unsigned g_array_get_element_size(struct g_array *a);
QEMU_MAYBE char *g_array_free(struct g_array *a, int free_elements);
QEMU_MAYBE struct g_array *g_byte_array_new(void);
QEMU_MAYBE struct g_array *g_byte_array_set_size(struct g_array *a, unsigned size);

/* Release 11.0 (API 6) and later */
QEMU_MAYBE void qemu_plugin_set_pc(uint64_t vaddr);

QEMU unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
QEMU bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
QEMU struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, uint64_t vaddr);
QEMU bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *h);
QEMU uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *h);

/* User mode; allocated, or NULL and 0 in system mode.  Release 10.0 has them in system mode only. */
QEMU_MAYBE const char *qemu_plugin_path_to_binary(void);
QEMU_MAYBE uint64_t qemu_plugin_start_code(void);

#endif
