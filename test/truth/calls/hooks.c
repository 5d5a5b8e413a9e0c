/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What gcc's -finstrument-functions calls: counts who called whom, by where each was called from.
 * out: hooks, a line each: FUNCTION RETURN-ADDRESS CALLS
 */
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>

#define HOOK __attribute__((no_instrument_function))

enum { MAX = 1 << 16 };

static struct {
	uintptr_t function, site;
	unsigned long calls;
} table[MAX];

HOOK void __cyg_profile_func_enter(void *function, void *site)
{
	uintptr_t f = (uintptr_t)function, s = (uintptr_t)site;
	unsigned i = (unsigned)((f * 31 + s) * 2654435761u) % MAX;

	/* A place is taken by what comes first, of threads and of signals. */
	for (;; i = (i + 1) % MAX) {
		uintptr_t free = 0;

		if (__atomic_load_n(&table[i].function, __ATOMIC_SEQ_CST) == f || __atomic_compare_exchange_n(
				&table[i].function, &free, f, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) || free == f) {
			free = 0;
			if (__atomic_compare_exchange_n(&table[i].site, &free, s, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) ||
					free == s)
				break;
		}
	}
	__atomic_add_fetch(&table[i].calls, 1, __ATOMIC_SEQ_CST);
}

HOOK void __cyg_profile_func_exit(void *function, void *site)
{
	(void)function;
	(void)site;
}

__attribute__((destructor(101))) HOOK static void write_table(void)
{
	FILE *f = fopen("hooks", "w");

	if (!f)
		abort();
	for (unsigned i = 0; i < MAX; i++)
		if (table[i].calls)
			fprintf(f, "%lx %lx %lu\n", (unsigned long)table[i].function, (unsigned long)table[i].site, table[i].calls);
	fclose(f);
}
