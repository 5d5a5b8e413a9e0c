/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps I and O records.
 * in:  O<TAB>fw.elf<TAB>fw.elf<TAB>ef09310c, twice, O<TAB>fw.elf<TAB>old/fw.elf<TAB>77a0c1d2
 * out: two O records; fw.elf has two builds
 */
#include "facts.h"

#include <stdlib.h>

#include "die.h"
#include "intern.h"
#include "record.h"

struct facts {
	struct intern *records;
	struct intern *names, *builds;	/* of objects; and (name, build-id) */
	char *two_builds;
};

struct facts *facts_new(void)
{
	struct facts *f = must_calloc(1, sizeof *f);

	f->records = intern_new();
	f->names = intern_new();
	f->builds = intern_new();
	return f;
}

void facts_free(struct facts *f)
{
	intern_free(f->records);
	intern_free(f->names);
	intern_free(f->builds);
	free(f->two_builds);
	free(f);
}

void facts_i(struct facts *f, const char *line, size_t len)
{
	bool fresh;

	intern_put(f->records, line, len, &fresh);
}

void facts_put(struct facts *f, enum fact_key key, const char *value)
{
	char text[64];

	facts_i(f, text, fact_text(text, sizeof text, key, value));
}

/* An object that is known by its name and its build-id. */
static void note_build(struct facts *f, struct field name, struct field id)
{
	size_t len = name.n + 1 + id.n;
	char *both = must_malloc(len);
	bool fresh_name, fresh;

	memcpy(both, name.s, name.n);
	both[name.n] = '\t';
	memcpy(both + name.n + 1, id.s, id.n);
	intern_put(f->names, name.s, name.n, &fresh_name);
	intern_put(f->builds, both, len, &fresh);
	free(both);
	if (fresh && !fresh_name && !f->two_builds) {
		f->two_builds = must_calloc(name.n + 1, 1);
		memcpy(f->two_builds, name.s, name.n);
	}
}

bool facts_o(struct facts *f, const char *line, size_t len)
{
	struct record_o r;

	if (!record_read_o(line, len, &r))
		return false;
	facts_i(f, line, len);
	if (!field_is(r.build_id, "-"))
		note_build(f, r.name, r.build_id);
	return true;
}

const char *facts_two_builds(const struct facts *f)
{
	return f->two_builds;
}

void facts_write(const struct facts *f, struct out *o)
{
	for (uint32_t i = 0; i < intern_count(f->records); i++) {
		size_t len;
		const char *s = intern_text(f->records, i, &len);

		out_mem(o, s, len);
		out_char(o, '\n');
	}
}
