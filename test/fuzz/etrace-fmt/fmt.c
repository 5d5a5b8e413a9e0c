/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-fmt, every format that is one file.
 * in:  any bytes, as a stream
 * out: nothing, if all is well
 */
#include "fmt.h"
#include "fuzz.h"
#include "order.h"

static void render_coverage(const struct fmt *fmt, struct stream *r, struct paths *paths, struct out *o)
{
	struct coverage c;

	coverage_init(&c, paths);
	c.profile = fmt->profile ? profile_new() : NULL;
	if (fmt->calls) {
		c.calls = calls_new(c.names, c.objects);
		c.functions = functions_new();
	}
	coverage_read(&c, r);
	coverage_sort(&c);
	fmt->report(&c, o);
	coverage_free(&c);
}

/* As a tree, and of one function. */
static void render_stacks(const struct fmt *fmt, struct stream *r, struct out *o)
{
	struct fmt_view view = { NULL, 1 };
	struct stacks x;

	stacks_init(&x);
	stacks_read(&x, r);
	stacks_settle(&x);
	fmt->stacks(&x, &view, o);
	view.function = "main";
	if (fmt->views)
		fmt->stacks(&x, &view, o);
	stacks_free(&x);
}

/* A name cannot break a line: each has its keyword. */
static void check_lcov(const struct fuzz_text *t)
{
	for (char *line = t->s, *end = t->s + t->n, *nl; line < end; line = nl + 1) {
		FUZZ_CHECK(nl = memchr(line, '\n', (size_t)(end - line)));
		FUZZ_CHECK(*line == '#' || !strncmp(line, "end_of_record\n", 14) ||
			   line[strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == ':');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "lcov", "lcov2", "cachegrind", "callgrind", "folded", "calls", "summary",
					     "etrace" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct fmt *fmt = fmt_find(names[i]);
		struct paths *paths = paths_new(&(struct path_rules){ .prefix = "/nowhere" });
		struct stream r = fuzz_stream(data, size);
		struct fuzz_text text;
		struct out o;

		fuzz_out(&o, &text);
		if (fmt->stream)
			fmt->stream(&r, paths, &o);
		else if (fmt->stacks)
			render_stacks(fmt, &r, &o);
		else
			render_coverage(fmt, &r, paths, &o);
		stream_close(&r);
		fuzz_out_end(&o);
		paths_free(paths);
		if (!strncmp(fmt->name, "lcov", 4))
			check_lcov(&text);
		free(text.s);
	}
	return 0;
}
