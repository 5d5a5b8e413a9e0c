/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads a plugin as QEMU does, and executes a script with it.
 * in:  host [-u] PLUGIN [OPTION]... <script, each line of which is: VCPU START INSTRUCTIONS TIMES [EVENT]
 * out: the trace that the plugin writes
 *
 * EVENT is one of:
 *	access I ADDR	its instruction I, from 0 on, writes to a device
 *	exception I	its instruction I fails; if I is their number, the last one is a system call
 *	fault I		the same, as it is told of x86: at the block's start, and then as an interrupt
 *	interrupt I	an interrupt comes after the block; the plugin is told the address of I
 *	at ADDR		the translation for START runs at ADDR, where the same code is mapped too
 *	map		before, a system call maps the file "mapped" at START, which begins a page
 *
 * With -u it is a QEMU for a program, not for a machine.  GUEST in the environment is the guest's name, if not aarch64.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

#define STRING_(x) #x
#define STRING(x) STRING_(x)

/* What plugins can find in the program. */
static const char version[] =
	"QEMU emulator version " STRING(MAJOR) "." STRING(MINOR) ".0 (not QEMU: a host for tests)";

typedef struct {
	const char *target_name;
	struct {
		int min, cur;
	} version;
	bool system_emulation;
	struct {
		int smp_vcpus, max_vcpus;
	} system;
} qemu_info_t;

typedef int install_fn(uint64_t id, const qemu_info_t *info, int argc, char **argv);

static struct row *rows;
static size_t n_rows;

/* Each vCPU has a thread, which starts when it is told to, and runs when it is told to again. */
static struct thread {
	struct vcpu vcpu;
	pthread_t thread;
	sem_t go, done;
} threads[MAX_VCPUS];

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("host: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	_exit(1);
}

static enum event event_of(const char *name)
{
	static const char *const names[] = { "", "access", "exception", "fault", "interrupt", "at", "map" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return (enum event)i;
	die("there is no event %s", name);
}

static void parse_row(const char *line, struct row *r)
{
	char event[16] = "", arg[2][24] = { "0", "0" };

	if (sscanf(line, "%u %lx %u %u %15s %23s %23s", &r->vcpu, &r->start, &r->insns, &r->times, event, arg[0],
		   arg[1]) < 4 || !r->insns || r->insns > MAX_INSNS || r->vcpu >= MAX_VCPUS)
		die("not a line of a script: %s", line);
	r->event = event_of(event);
	r->at = (unsigned)strtoul(arg[0], NULL, 10);
	r->addr = strtoull(arg[r->event == ACCESS], NULL, 16);
}

static void read_script(void)
{
	char line[200];

	while (fgets(line, sizeof line, stdin)) {
		rows = realloc(rows, (n_rows + 1) * sizeof *rows);
		if (!rows)
			die("no memory");
		parse_row(line, &rows[n_rows]);
		if (rows[n_rows].vcpu >= host.n_vcpus)
			host.n_vcpus = rows[n_rows].vcpu + 1;
		n_rows++;
	}
}

static void *symbol(void *plugin, const char *name)
{
	void *p = dlsym(plugin, name);

	if (!p)
		die("the plugin has no %s", name);
	return p;
}

/* QEMU binds all of a plugin's symbols at once, so one that this release lacks is refused here. */
static void load(const char *path, int argc, char **argv)
{
	const char *guest = getenv("GUEST");
	qemu_info_t info = { guest ? guest : "aarch64", { MIN_API, API }, !host.user, { (int)host.n_vcpus, (int)host.n_vcpus } };
	void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	int api;

	if (!plugin)
		die("%s", dlerror());
	api = *(int *)symbol(plugin, "qemu_plugin_version");
	if (api < MIN_API || api > API)
		die("the plugin requires API version %d, and this release takes %d to %d", api, MIN_API, API);
	if (((install_fn *)symbol(plugin, "qemu_plugin_install"))(ID, &info, argc, argv))
		die("the plugin did not install");
}

static void *vcpu_main(void *arg)
{
	struct thread *t = arg;

	current = &t->vcpu;
	start_vcpu(current);
	sem_post(&t->done);
	sem_wait(&t->go);
	run(current, rows, n_rows);
	return NULL;
}

/* First all vCPUs start, then each executes its own rows, one after the other: every run is the same. */
static void execute(void)
{
	for (unsigned i = 0; i < host.n_vcpus; i++) {
		struct thread *t = &threads[i];

		t->vcpu.index = i;
		sem_init(&t->go, 0, 0);
		sem_init(&t->done, 0, 0);
		if (pthread_create(&t->thread, NULL, vcpu_main, t))
			die("no thread for vCPU %u", i);
		sem_wait(&t->done);
	}
	for (unsigned i = 0; i < host.n_vcpus; i++) {
		sem_post(&threads[i].go);
		pthread_join(threads[i].thread, NULL);
	}
}

static void finish(void)
{
	if (!host.atexit)
		return;
#if API < 7
	host.atexit(ID, host.atexit_udata);
#else
	host.atexit(host.atexit_udata);
#endif
}

int main(int argc, char **argv)
{
	if (argc < 2 || !strcmp(argv[1], "--version")) {
		puts(version);
		return argc < 2;
	}
	host.user = !strcmp(argv[1], "-u");
	argc -= host.user;
	argv += host.user;
	read_script();
	load(argv[1], argc - 2, argv + 2);
	for (size_t i = 0; i < RAM_SIZE; i += 4)
		memcpy(host.ram + i, "\x1f\x20\x03\xd5", 4);	/* nop */
	execute();
	finish();
	return 0;
}
