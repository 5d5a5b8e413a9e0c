/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts what could not be read.
 * in:  FAULT_LINES, "invalid .debug_line section", three times
 * out: fw.elf: cannot read the line table of a unit (invalid .debug_line section), 3 times: its code has
 *      no lines; is the file whole? Copy or build it anew
 */
#include "fault.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "die.h"

static const struct text {
	const char *what, *then, *next;
} texts[N_FAULT] = {
	[FAULT_CUT] = { "all sections", "what they hold is left out", "the file is cut short: copy it anew" },
	[FAULT_HEADER] = { "a section or program header", "code may be missing", NULL },
	[FAULT_BUILD_ID] = { "the build-id", "it is not known", NULL },
	[FAULT_SYMTAB] = { "the symbol table", "functions without DWARF are missing", NULL },
	[FAULT_SYMBOL] = { "a symbol", "it is left out", NULL },
	[FAULT_CODE] = { "machine code", "its branches are left out",
			 "a file of debug information has none: give the one that has the code" },
	[FAULT_DEBUG] = { "symbols and DWARF", "there are no functions and no source lines", NULL },
	[FAULT_DWARF_CUT] = { "all sections", "what they hold is left out", "the file is cut short: copy it anew" },
	[FAULT_DWARF] = { "the DWARF", "there are functions but no source lines", NULL },
	[FAULT_UNITS] = { "a compilation unit's header", "it and all units after it are left out", NULL },
	[FAULT_UNIT] = { "a compilation unit", "its functions and lines are left out",
			 "build with -gdwarf-5 if its version is newer, else copy or build the file anew" },
	[FAULT_SPLIT] = { "the .dwo file of a compilation unit", "its inlined copies are left out",
			  "put that file where it was built, or build without -gsplit-dwarf" },
	[FAULT_RANGES] = { "the addresses of a unit or function", "it is left out", NULL },
	[FAULT_LINES] = { "the line table of a unit", "its code has no lines", NULL },
	[FAULT_FILE] = { "the file name of a line", "that is shown as -", NULL },
	[FAULT_TREE] = { "the functions of a unit", "those after that place are left out", NULL },
	[FAULT_ATTRIBUTE] = { "an attribute of a function", "its name or place is not known", NULL },
};

struct faults {
	struct {
		uint64_t n;
		char *why;
	} of[N_FAULT];
};

struct faults *faults_new(void)
{
	return must_calloc(1, sizeof(struct faults));
}

void faults_free(struct faults *f)
{
	for (int i = 0; f && i < N_FAULT; i++)
		free(f->of[i].why);
	free(f);
}

void faults_note(struct faults *f, enum fault kind, const char *why)
{
	if (!f->of[kind].n++)
		f->of[kind].why = must_strdup(why ? why : "no reason is known");
}

bool faults_any(const struct faults *f)
{
	for (int i = 0; i < N_FAULT; i++)
		if (f->of[i].n)
			return true;
	return false;
}

bool faults_say(const struct faults *f, const char *path, const char *dwarf_path)
{
	bool any = false;

	for (int i = 0; i < N_FAULT; i++) {
		const struct text *t = &texts[i];
		unsigned long long n = f->of[i].n;
		char times[32 + 20] = "";

		if (!n)
			continue;
		any = true;
		if (n > 1)
			snprintf(times, sizeof times, ", %llu times", n);
		warn("%s: cannot read %s (%s)%s: %s; %s", i < FAULT_DWARF_CUT ? path : dwarf_path, t->what, f->of[i].why,
		     times, t->then, t->next ? t->next : "is the file whole? Copy or build it anew");
	}
	return !any;
}
