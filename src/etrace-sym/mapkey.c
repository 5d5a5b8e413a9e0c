/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A build-id says what code an object has, but not whether its symbols and its DWARF are there: these are known by
 * the sizes and times of the files that they are in.  Neither path is part of it.
 * in:  fw.elf, whose build-id is ef09310c, its DWARF in itself
 * out: map 2 of etrace-sym 0.1, 1048576 1764036000.5, libdw 0.188; ef09310c fw.elf; 80216 1764037201.5; 80216 ...; -b
 */
#include "mapkey.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "debug.h"
#include "die.h"

/* DWARF may be in further files: a .dwo for each unit, or what dwz(1) found to be common. */
bool mapkey_tells_all(const struct object *ob)
{
	for (size_t i = 0; i < ob->lines.n_unit; i++)
		if (ob->lines.unit[i].tree.addr != ob->lines.unit[i].die.addr)
			return false;
	return !ob->elf.dwarf || !dwarf_getalt(ob->elf.dwarf);
}

/* The program that makes it: by its release, and as what make built. */
static void put_program(FILE *f)
{
	struct stat st = { .st_size = 0 };

	stat("/proc/self/exe", &st);
	fprintf(f, "map 2 of etrace-sym %s, %lld %lld.%09ld, libdw %s; ", ETRACE_VERSION, (long long)st.st_size,
		(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, dwfl_version(NULL));
}

static void put_stamp(FILE *f, const struct stamp *s)
{
	fprintf(f, " %llu %lld.%09ld;", (unsigned long long)s->size, (long long)s->time.tv_sec, s->time.tv_nsec);
}

char *mapkey(struct object *ob, bool branches, bool mangled)
{
	const char *id = ob->elf.build_id;
	char *key;
	size_t n;
	FILE *f;

	if (!strcmp(id, "-"))
		return NULL;
	debug_find(&ob->elf);
	f = open_memstream(&key, &n);
	if (!f)
		die(ST_SYSTEM, "no memory left");
	put_program(f);
	fprintf(f, "%s %s;", id, ob->name);
	put_stamp(f, &ob->elf.stamp);
	put_stamp(f, &ob->elf.dwarf_stamp);
	fprintf(f, "%s%s", branches ? " -b" : "", mangled ? " -M" : "");
	if (fclose(f))
		die(ST_SYSTEM, "no memory left");
	return key;
}
