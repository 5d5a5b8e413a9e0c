/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects for harnesses, opened once: firmware for ARM with Thumb, and a program for x86-64.
 */
#ifndef ETRACE_FUZZ_OBJECTS_H
#define ETRACE_FUZZ_OBJECTS_H

#include "die.h"
#include "object.h"
#include "place.h"

struct fuzz_objects {
	struct names *names;
	struct objects objects;
};

static inline struct fuzz_objects *fuzz_objects(void)
{
	static const char *const paths[] = { "test/data/arm-thumb-O1.elf", "test/data/branches/x86_64.elf" };
	static struct fuzz_objects x;

	if (x.names)
		return &x;
	x.names = names_new(true);
	x.objects = objects_new(2);
	for (int i = 0; i < 2; i++)
		if (!objects_open(&x.objects, paths[i], NULL, x.names, true))
			die(ST_SYSTEM, "%s is missing: run this from the top of the source", paths[i]);
	return &x;
}

/* New places of X, whose objects no block was in yet; to be freed. */
static inline struct places *fuzz_places(struct fuzz_objects *x)
{
	struct places *p = places_new();

	for (size_t i = 0; i < x->objects.n; i++) {
		x->objects.of[i].ran = x->objects.of[i].blamed = false;
		places_add(p, &x->objects.of[i], &(struct named){ .bias = 0 });
	}
	return p;
}

#endif
