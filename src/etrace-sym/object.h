/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects: the ELF files that the guest ran, all that is known of each, and what records call it.
 */
#ifndef ETRACE_SYM_OBJECT_H
#define ETRACE_SYM_OBJECT_H

#include <sys/types.h>

#include "elf.h"
#include "lines.h"
#include "names.h"
#include "symtab.h"

struct object {
	struct elf elf;
	struct symtab sym;	/* these two are empty before object_ready() */
	struct lines lines;
	struct names *names;	/* not owned */
	bool ready;
	bool named;		/* by the user */
	bool no_lines, no_functions;	/* it was read, and has no DWARF; nor symbols */
	char *name;		/* column "in" of its records, escaped */
	dev_t dev;		/* with ino: which file it is */
	ino_t ino;
	unsigned times;		/* it was named */
	bool blamed;		/* it was said that it is not what ran */
	bool ran;		/* a block of the trace is in it */
};

struct objects {
	struct object *of;	/* in the order in which they were named; they stay where they are */
	size_t n, max;
	bool any_rel;		/* one is an object file that was not linked */
	bool bad;		/* one could not be used; said */
};

static inline struct object *objects_get(const struct objects *o, size_t i)
{
	return &o->of[i];
}

/* Whether its code may differ from the file's at places that no table tells: of object files all are known. */
static inline bool object_patches_itself(const struct object *ob)
{
	return ob->elf.patches_itself && !ob->elf.is_rel;
}

/* Whether both have one build-id. */
bool object_is_copy(const struct object *a, const struct object *b);

/* Room for MAX of them. */
struct objects objects_new(size_t max);
void objects_free(struct objects *o);

/* Reads the symbols of OB and finds its lines, once. */
void object_ready(struct object *ob);

/* Says which of those that were read have no lines.  False if one has nothing that says what its code is. */
bool objects_check(const struct objects *o);

/* Takes that back, unless a block is in it: of hundreds of objects not all are to be in memory together. */
void object_rest(struct object *ob);

/* Whether OB, which has another name, has its DWARF in the file PATH that was named. */
bool object_is_debug(const struct object *ob, const char *path);

/*
 * The object of the file PATH, opened if it is not yet; DEBUG_DIR as in elf.h.  NULL, after a message, if it cannot
 * be used.  NAMED: by the user, whose file may have its
 * debug information under /usr/lib/debug, and who is told if nothing says what its code is.
 *
 * Two files of one build-id, of which one has no DWARF, or only DWARF and no code, are one object: the one with code,
 * whose DWARF is in the other.  Of a file of DWARF the one with the code is looked for beside it (x for x.debug), and
 * where it was if this is under usr/lib/debug.
 *
 * Its name is the file's base name; where an earlier object has that, the whole path, and with "./" before it as
 * often as it takes to be no other's, nor "-", nor what could be a token.
 */
struct object *objects_open(struct objects *o, const char *path, const char *debug_dir, struct names *names,
			    bool named);

#endif
