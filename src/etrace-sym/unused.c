/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says which ELF files have no block of the trace.
 * in:  blocks at 1000 and 1010, fw.elf with code at 40200800-40201d98
 * out: fw.elf: no block of the trace is in it: it has code at 40200800-40201d98, the trace begins at 1000
 */
#include "unused.h"

#include <stdio.h>

#include "die.h"

/* The image, named before IM, that has blocks and code where IM has code; NULL if there is none. */
static const struct image *in_front(struct image *images, size_t n, const struct image *im)
{
	for (size_t i = 0; i < im->elf.n_code; i++) {
		const struct image *first = image_at(images, n, im->elf.code[i].lo + im->elf.bias);

		if (first && first != im && first->ran)
			return first;
	}
	return NULL;
}

static void say(const struct image *im, const struct image *first, const char *trace)
{
	const struct elf *e = &im->elf;

	if (!e->n_code)
		warn("%s: no block of the trace is in it: it has no code; name the file that the guest ran", e->path);
	else if (first)
		warn("%s: no block of the trace is in it: it has code where %s has, which has the blocks, being named "
		     "first; name what ran first, or say where this was loaded, %s@BIAS", e->path, first->elf.path,
		     e->path);
	else
		warn("%s: no block of the trace is in it: it has code at %llx-%llx%s; is it what the guest ran? If it "
		     "was loaded elsewhere than it was linked, name it %s@BIAS", e->path,
		     (unsigned long long)(e->code[0].lo + e->bias),
		     (unsigned long long)(e->code[e->n_code - 1].hi + e->bias), trace, e->path);
}

bool unused_check(struct image *images, size_t n, const struct annotator *a)
{
	bool any_ran = false, any_unknown;
	uint64_t unknown;
	char trace[80] = "";

	for (size_t i = 0; i < n; i++)
		any_ran |= images[i].ran;
	any_unknown = annotate_unknown(a, &unknown);
	if (!n || (!any_ran && !any_unknown))
		return true;
	if (any_unknown)
		snprintf(trace, sizeof trace, ", the trace %s at %llx", any_ran ? "has code of no file" : "begins",
			 (unsigned long long)unknown);
	for (size_t i = 0; i < n; i++)
		if (!images[i].ran && !images[i].blamed)
			say(&images[i], in_front(images, n, &images[i]), trace);
	return any_ran;
}
