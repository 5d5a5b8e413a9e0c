/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of places; what it says, written as such a file and read again, is the same.
 * in:  any bytes
 * out: nothing, if all is well
 */
#include <inttypes.h>

#include "fuzz.h"
#include "placefile.h"

static bool parse(struct placefile *p, const void *data, size_t size)
{
	int fd = fuzz_file(data, size);
	FILE *f = fdopen(fd, "r");
	bool good = placefile_parse(p, f, "places");

	fclose(f);
	return good;
}

static void put(FILE *f, const struct placefile_line *l)
{
	switch (l->kind) {
	case PLACEFILE_MAPPED:
		fprintf(f, "%"PRIx64"-%"PRIx64" r-xp %"PRIx64" 00:00 0 %s\n", l->lo, l->hi, l->offset, l->path);
		break;
	case PLACEFILE_MODULE:
		fprintf(f, "%s %"PRIu64" 0 - Live 0x%"PRIx64"\n", l->path, l->hi - l->lo, l->lo);
		break;
	case PLACEFILE_LOADED:
		fprintf(f, "%"PRIx64"\t%s\n", l->lo, l->path);
		break;
	case PLACEFILE_SECTION:
		fprintf(f, "%s %s %"PRIx64"\n", l->path, l->section, l->lo);
		break;
	}
}

static bool same(const struct placefile_line *a, const struct placefile_line *b)
{
	return a->kind == b->kind && a->lo == b->lo && a->hi == b->hi && a->offset == b->offset &&
	       !strcmp(a->path, b->path) && !a->section == !b->section &&
	       (!a->section || !strcmp(a->section, b->section));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct placefile p = { .line = NULL }, again = { .line = NULL };
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	parse(&p, data, size);
	for (size_t i = 0; i < p.n; i++) {
		FUZZ_CHECK(*p.line[i].path && (p.line[i].hi == p.line[i].lo || p.line[i].lo <= p.line[i].hi - 1));
		put(f, &p.line[i]);
	}
	fclose(f);
	FUZZ_CHECK(parse(&again, text, n) && again.n == p.n);
	for (size_t i = 0; i < p.n; i++)
		FUZZ_CHECK(same(&p.line[i], &again.line[i]));
	free(text);
	placefile_free(&p);
	placefile_free(&again);
	return 0;
}
