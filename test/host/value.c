/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a callback may ask for: the access that it is told of, registers, and little else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "host.h"

/* ---- memory --------------------------------------------------------------------------------- */

struct qemu_plugin_hwaddr {
	uint64_t addr;
};

static _Thread_local struct qemu_plugin_hwaddr accessed;

void access_is(uint64_t addr)
{
	accessed.addr = addr;
}

unsigned qemu_plugin_mem_size_shift(uint32_t info)
{
	return info & 15;
}

bool qemu_plugin_mem_is_store(uint32_t info)
{
	return info & INFO_STORE;
}

struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(uint32_t info, uint64_t vaddr)
{
	(void)info;
	return vaddr == accessed.addr ? &accessed : NULL;
}

bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *h)
{
	return h;
}

uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *h)
{
	return h->addr;
}

#if RELEASE >= 902
typedef struct {
	int type;
	union {
		uint32_t u32;
		uint64_t u128[2];
	} data;
} qemu_plugin_mem_value;

qemu_plugin_mem_value qemu_plugin_mem_get_value(uint32_t info)
{
	(void)info;
	return (qemu_plugin_mem_value){ .type = 2, .data.u32 = 0x78 };
}
#endif

/* ---- registers ------------------------------------------------------------------------------ */

#if API >= 2
/* glib's, which plugins take from QEMU. */
typedef struct {
	char *data;
	unsigned len;
} GArray;
typedef GArray GByteArray;

GArray *g_array_new(int zero_terminated, int clear, unsigned element_size);
GArray *g_array_append_vals(GArray *a, const void *data, unsigned len);
GByteArray *g_byte_array_append(GByteArray *a, const void *data, unsigned len);

struct descriptor {
	struct qemu_plugin_register *handle;
	const char *name, *feature;
#if API >= 7
	bool is_readonly;
#endif
};

enum { FIRST_HANDLE = API < 7, PC = 32, N_REGISTERS = 34 };	/* from API 7 on 0 is a handle too */

GArray *qemu_plugin_get_registers(void)
{
	static char names[N_REGISTERS][8];
	GArray *a = g_array_new(1, 1, sizeof(struct descriptor));

	if (!current)
		die("registers were asked for outside of a vCPU");
	for (uintptr_t i = 0; i < N_REGISTERS; i++) {
		struct descriptor d = { .name = names[i], .feature = "org.gnu.gdb.aarch64.core" };

		d.handle = (struct qemu_plugin_register *)(i + FIRST_HANDLE);
		snprintf(names[i], sizeof names[i], i < 31 ? "x%d" : i == 31 ? "sp" : i == PC ? "pc" : "cpsr", (int)i);
		g_array_append_vals(a, &d, 1);
	}
	return a;
}

/* Appends it in the guest's byte order; its size, or -1. */
static int read_register(struct qemu_plugin_register *handle, GByteArray *buf)
{
	uintptr_t i = (uintptr_t)handle - FIRST_HANDLE;
	uint64_t value = i == PC ? current->pc : 0;

	if (!current || i >= N_REGISTERS)
		die("there is no such register");
	/* From API 5 on only for callbacks that said so. */
	if (API >= 5 && current->flags == NO_REGS)
		return -1;
	g_byte_array_append(buf, &value, sizeof value);
	return sizeof value;
}

#if API < 6
int qemu_plugin_read_register(struct qemu_plugin_register *handle, GByteArray *buf)
{
	return read_register(handle, buf);
}
#else
bool qemu_plugin_read_register(struct qemu_plugin_register *handle, GByteArray *buf)
{
	return read_register(handle, buf) > 0;
}

__attribute__((noreturn)) void qemu_plugin_set_pc(uint64_t pc)
{
	die("a plugin that only looks set the pc to %llx", (unsigned long long)pc);
}
#endif
#endif

/* ---- the rest ------------------------------------------------------------------------------- */

/* These are for user mode, where 10.0 lacks them. */
#if RELEASE != 1000
const char *qemu_plugin_path_to_binary(void)
{
	return NULL;
}

uint64_t qemu_plugin_start_code(void)
{
	return 0;
}
#endif

void qemu_plugin_outs(const char *string)
{
	fputs(string, stderr);
}
