/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host for TCG plugins that is no QEMU: it has the plugin interface of one release, and "executes" a
 * script.  It shows that a plugin keeps to that interface, and nothing more about that release.
 *
 * MAJOR and MINOR say which release, 8.0 or later.  Where what came when is known from: QEMU's
 * include/qemu/qemu-plugin.h, from 11.0 on include/plugins/qemu-plugin.h, its list of versions, and
 * plugins/plugin.h (the least version taken); docs/devel/tcg-plugins.rst.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RELEASE (MAJOR * 100 + MINOR)

#if RELEASE < 900
#define API 1
#elif RELEASE < 901
#define API 2
#elif RELEASE < 902
#define API 3
#elif RELEASE < 1001
#define API 4
#elif RELEASE < 1100
#define API 5	/* discontinuities came with 10.2, and no version of their own */
#elif RELEASE < 1101
#define API 6
#else
#define API 7
#endif

/* What 11.0 takes at least is not known for sure here; a plugin that states 6 is taken in any case. */
#define MIN_API (API < 2 ? 0 : API < 6 ? 2 : API)

enum { ID = 4711, MAX_INSNS = 32, MAX_OPS = 8, MAX_VCPUS = 32, RAM_SIZE = 1 << 16 };

struct qemu_plugin_tb;

/* From API 7 on no callback gets the plugin's id, and all get what they were registered with. */
#if API < 7
typedef void vcpu_cb(uint64_t id, unsigned vcpu);
typedef void trans_cb(uint64_t id, struct qemu_plugin_tb *tb);
typedef void udata_cb(uint64_t id, void *udata);
typedef void discon_cb(uint64_t id, unsigned vcpu, int type, uint64_t from, uint64_t to);
typedef void syscall_ret_cb(uint64_t id, unsigned vcpu, int64_t number, int64_t ret);
#define WITH_UDATA
#define UDATA NULL
#else
typedef void vcpu_cb(unsigned vcpu, void *udata);
typedef void trans_cb(struct qemu_plugin_tb *tb, void *udata);
typedef void udata_cb(void *udata);
typedef void discon_cb(unsigned vcpu, int type, uint64_t from, uint64_t to, void *udata);
typedef void syscall_ret_cb(unsigned vcpu, int64_t number, int64_t ret, void *udata);
#define WITH_UDATA , void *udata
#define UDATA udata
#endif
typedef void exec_cb(unsigned vcpu, void *udata);
typedef void mem_cb(unsigned vcpu, uint32_t info, uint64_t vaddr, void *udata);

enum { NO_REGS, R_REGS, RW_REGS };		/* what a callback may do with registers */
enum { DISCON_INTERRUPT = 1, DISCON_EXCEPTION = 2 };

struct qemu_plugin_scoreboard {
	size_t element;
	char *data;
	struct qemu_plugin_scoreboard *next;
};

typedef struct {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
} qemu_plugin_u64;

/* What is to be done where a block or an instruction begins, or memory is accessed. */
struct op {
	enum { CALL, CALL_IF, ADD, STORE, CALL_MEM } kind;
	exec_cb *exec;
	mem_cb *mem;
	int flags, cond, rw;
	void *udata;
	uint64_t *p, imm;		/* up to API 1 an inline operation is on plain memory */
	qemu_plugin_u64 entry;
};

struct ops {
	struct op op[MAX_OPS];
	size_t n;
};

struct qemu_plugin_insn {
	uint64_t vaddr;
	bool mem_only;
	struct ops exec, mem;
};

struct qemu_plugin_tb {
	uint64_t start;
	size_t n;
	bool mem_only;			/* what is registered for its execution is not done */
	struct qemu_plugin_insn insn[MAX_INSNS];
	struct ops exec;
	struct qemu_plugin_tb *next;
};

/* A guest is a list of these; each row is executed as often as it says. */
struct row {
	unsigned vcpu, insns, times;
	uint64_t start;
	enum event { WHOLE, ACCESS, EXCEPTION, FAULT, INTERRUPT, SHARED, MAP } event;
	unsigned at;			/* the instruction that the event is at */
	uint64_t addr;			/* that is accessed; or where a block runs that was translated for START */
};

struct vcpu {
	unsigned index;
	uint64_t pc;
	int flags;			/* of the callback that runs, if one does */
};

/* What the plugin registered, and what there is. */
extern struct host {
	vcpu_cb *init;
	trans_cb *trans;
	udata_cb *atexit;
	discon_cb *discon;
	syscall_ret_cb *syscall_ret;
	void *init_udata, *trans_udata, *atexit_udata, *discon_udata, *syscall_ret_udata;
	bool user;			/* a program's, not a machine's */
	int discon_types;
	unsigned n_vcpus;
	unsigned allocated;		/* elements of a scoreboard */
	struct qemu_plugin_scoreboard *scores;
	_Alignas(4096) uint8_t ram[RAM_SIZE];
} host;

extern _Thread_local struct vcpu *current;

/* Ends the host with a message. */
void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

void add_op(struct ops *ops, struct op op);

/* Where the guest's memory is in this process. */
uint8_t *host_addr(uint64_t vaddr);

/* The counter of an inline operation on a vCPU. */
uint64_t *counter_of(const struct op *op, unsigned vcpu);

/* Makes room for one vCPU more.  True if scoreboards moved: what was translated is then to be forgotten. */
bool add_vcpu(unsigned vcpu);

/* What a memory access is, as callbacks are told: 4 bytes, of a device. */
enum { INFO_SHIFT = 2, INFO_STORE = 16 };

/* Says to which device address the current vCPU's next access is. */
void access_is(uint64_t addr);

/* Tells the plugin of a vCPU, on its own thread; then executes those of the rows that are its own. */
void start_vcpu(struct vcpu *v);
void run(struct vcpu *v, const struct row *row, size_t n);

#endif
