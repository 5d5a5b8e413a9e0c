/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places the program that ran.
 * in:  I<TAB>binary<TAB>/usr/bin/prog, I<TAB>binary-code<TAB>5555555551000
 * out: prog, whose lowest code was linked at 1000, is placed 555555554000 higher
 */
#include "binary.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "num.h"
#include "path.h"

struct binary {
	struct objects *objects;
	struct places *places;
	/* Of the trace at hand, as its facts say; NULL: they do not. */
	char *path, *id;
	uint64_t code;
	bool has_code;
	/* By object. */
	struct said {
		bool nowhere;	/* by the trace at hand: it is not its binary, and may be anywhere */
		bool is_it, unplaced;	/* it was the binary of a trace; it was nowhere in one */
		char *path, *id;	/* of the first trace whose binary has another build-id */
	} *said;
};

struct binary *binary_new(struct objects *objects, struct places *places)
{
	struct binary *b = must_calloc(1, sizeof *b);

	b->objects = objects;
	b->places = places;
	b->said = must_calloc(objects->max, sizeof *b->said);
	return b;
}

static void forget(struct binary *b)
{
	free(b->path);
	free(b->id);
	b->path = b->id = NULL;
	b->has_code = false;
	for (size_t i = 0; i < b->objects->n; i++)
		b->said[i].nowhere = false;
}

void binary_free(struct binary *b)
{
	forget(b);
	for (size_t i = 0; i < b->objects->n; i++) {
		free(b->said[i].path);
		free(b->said[i].id);
	}
	free(b->said);
	free(b);
}

/* Whether the trace and OB have a build-id, and it is the same (SAME) or another one. */
static bool compare_id(const struct binary *b, const struct object *ob, bool same)
{
	const char *id = ob->elf.build_id;

	return b->id && strcmp(id, "-") && !strcmp(id, b->id) == same;
}

static bool is_named(const struct binary *b, const struct object *ob)
{
	return b->path && !strcmp(path_base(ob->elf.path), path_base(b->path));
}

/*
 * Places the binary: the object with its build-id, or, where none has that, the one with its name, or the only one
 * there is.
 */
static void place(struct binary *b)
{
	bool by_id = false;

	if (!b->has_code || (!b->path && !b->id && b->objects->n > 1))
		return;
	for (size_t i = 0; i < b->objects->n; i++)
		by_id |= compare_id(b, &b->objects->of[i], true);
	for (size_t i = 0; i < b->objects->n; i++) {
		struct object *ob = &b->objects->of[i];

		if (!ob->elf.movable || place_is_said(b->places, ob) || ob->elf.load_code > b->code)
			continue;
		b->said[i].nowhere = !(by_id ? compare_id(b, ob, true) : b->objects->n == 1 || is_named(b, ob));
		if (b->said[i].nowhere)
			place_nowhere(b->places, ob);
		else
			place_code(b->places, ob, (struct guest){ b->code });
	}
}

static void keep(char **to, struct field value)
{
	free(*to);
	*to = strndup(value.s, value.n);
	if (!*to)
		die(ST_SYSTEM, "no memory left");
}

/* Whether OB would be taken for the binary, if it weren't for its build-id. */
static bool is_candidate(const struct binary *b, const struct object *ob)
{
	return !place_is_said(b->places, ob) && (!ob->elf.movable || b->objects->n == 1 || is_named(b, ob));
}

/* Notes what the trace at hand said of each object. */
static void judge(struct binary *b)
{
	for (size_t i = 0; i < b->objects->n; i++) {
		struct object *ob = &b->objects->of[i];
		struct said *said = &b->said[i];

		if (is_candidate(b, ob) && compare_id(b, ob, false)) {
			if (!said->id) {
				said->id = must_strdup(b->id);
				said->path = must_strdup(b->path ? b->path : "-");
			}
		} else if (said->nowhere) {
			said->unplaced = true;
		} else {
			said->is_it |= compare_id(b, ob, true) || (b->has_code && ob->elf.movable);
		}
	}
}

void binary_fact(struct binary *b, struct fact f)
{
	switch (f.key) {
	case FACT_ETRACE_VERSION:
	case FACT_SOURCE:
		judge(b);
		forget(b);
		break;
	case FACT_BINARY:
		keep(&b->path, f.value);
		break;
	case FACT_BINARY_BUILD_ID:
		keep(&b->id, f.value);
		break;
	case FACT_BINARY_CODE:
		b->has_code = num_parse_hex(f.value.s, f.value.n, &b->code);
		break;
	default:
		return;
	}
	place(b);
}

bool binary_check(struct binary *b)
{
	bool ok = true;

	judge(b);
	for (size_t i = 0; i < b->objects->n; i++) {
		const struct said *said = &b->said[i];
		struct object *ob = &b->objects->of[i];

		if (said->is_it || (!said->id && (!said->unplaced || ob->ran)))
			continue;
		if (said->id)
			warn("%s: is not the program that ran: its build-id is %s, the trace's %s; name the file that "
			     "ran, %s%s", ob->elf.path, ob->elf.build_id, said->id, said->path,
			     ob->elf.movable ? ", and a shared library as LIBRARY@BIAS" : "");
		else
			warn("%s: is not the program that ran, and the trace does not say where it was loaded, so no "
			     "block is in it; name it %s@BIAS", ob->elf.path, ob->elf.path);
		ob->blamed = true;
		ok = false;
	}
	return ok;
}
