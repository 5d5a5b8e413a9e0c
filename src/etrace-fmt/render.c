/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Collects what a format needs of the inputs, and has it rendered.
 * in:  lcov, fw.cov
 * out: fmt_lcov's report, to a file or standard output
 */
#include "render.h"

#include "coverage.h"
#include "order.h"
#include "outfile.h"
#include "stream.h"

static enum status run_stream(const struct render_job *j)
{
	struct outfile *file = outfile_new();
	struct stream in;
	struct out *out = NULL;
	bool good = true;

	for (char **name = j->names; *name; name++) {
		if (!stream_open(&in, *name, NULL)) {
			good = false;
			continue;
		}
		if (!out && !(out = outfile_open(file, j->output)))
			return ST_SYSTEM;
		in.in.tie = out;
		j->fmt->stream(&in, j->paths, out);
		good = stream_close(&in) && good;
	}
	if (out && !outfile_close(file))
		return ST_SYSTEM;
	if (out && !good)
		warn("what was written is incomplete; see above");
	return good ? ST_OK : ST_INPUT;
}

/*
 * Has READ add each input to what the format needs, up to one with E records, for which it is false.  False if an
 * input was missing or anything in it was wrong.
 */
static bool collect(char **names, bool (*read)(void *to, struct stream *in), void *to)
{
	struct stream in;
	bool good = true, counts = true;

	for (; *names && counts; names++) {
		if (!stream_open(&in, *names, NULL)) {
			good = false;
			continue;
		}
		counts = read(to, &in);
		if (!counts)
			warn("%s: holds E records, not counts: put etrace-cov before etrace-fmt", in.in.name);
		good = stream_close(&in) && good;
	}
	return good && counts;
}

static bool read_coverage(void *to, struct stream *in)
{
	struct coverage *c = to;

	coverage_read(c, in);
	return !c->events;
}

static bool read_stacks(void *to, struct stream *in)
{
	struct stacks *x = to;

	stacks_read(x, in);
	return !x->events;
}

/* Says what is missing, unless what is wrong was said already. */
static bool has_lines(const struct coverage *c, bool good)
{
	if (c->events)
		return false;
	if (c->n_line || c->n_func || (c->profile && c->profile->n_func))
		return true;
	if (c->any)
		warn("nothing to render: no record has a source line that is not excluded");
	else if (good)
		warn("nothing to render: there are no F or L records; give etrace-sym the ELF file that ran");
	return false;
}

static enum status report(const struct render_job *j, const struct coverage *c)
{
	struct outfile *file;
	struct out *out;
	bool good;

	if (j->fmt->tree)
		return j->fmt->tree(c, j->output);
	file = outfile_new();
	out = outfile_open(file, j->output);
	if (!out)
		return ST_SYSTEM;
	good = j->fmt->report(c, out);
	return !outfile_close(file) ? ST_SYSTEM : good ? ST_OK : ST_INPUT;
}

static enum status run_coverage(const struct render_job *j)
{
	enum status status = ST_INPUT;
	struct coverage c;
	bool good;

	coverage_init(&c, j->paths);
	c.profile = j->fmt->profile ? profile_new() : NULL;
	if (j->fmt->calls) {
		c.calls = calls_new(c.names, c.objects);
		c.functions = functions_new();
	}
	good = collect(j->names, read_coverage, &c);
	if (has_lines(&c, good)) {
		c.incomplete = !good;
		if (!good)
			warn("the report is incomplete, and says so; see above");
		coverage_sort(&c);
		status = report(j, &c);
	}
	coverage_free(&c);
	return good || status ? status : ST_INPUT;
}

/* Says what is missing, unless what is wrong was said already. */
static bool has_stacks(const struct stacks *x, bool good)
{
	if (x->events)
		return false;
	if (intern_count(x->texts))
		return true;
	if (x->unordered)
		warn("nothing to render: the trace has no order of blocks, so it is not known what called what; take it "
		     "without mode=count, and leave out etrace-cat -c");
	else if (good)
		warn("nothing to render: there are no calls, S records; give -C to etrace-sym and to etrace-cov");
	return false;
}

static enum status run_stacks(const struct render_job *j)
{
	enum status status = ST_INPUT;
	struct outfile *file = outfile_new();
	struct stacks x;
	struct out *out;
	bool good;

	stacks_init(&x);
	good = collect(j->names, read_stacks, &x);
	if (has_stacks(&x, good)) {
		x.incomplete = !good;
		if (!good)
			warn("what was written is incomplete; see above");
		stacks_settle(&x);
		out = outfile_open(file, j->output);
		if (!out)
			return ST_SYSTEM;
		status = j->fmt->stacks(&x, &j->view, out);
		if (status != ST_USAGE && !outfile_close(file))
			status = ST_SYSTEM;
	}
	stacks_free(&x);
	return good || status ? status : ST_INPUT;
}

enum status render(const struct render_job *j)
{
	if (j->fmt->stream)
		return run_stream(j);
	return j->fmt->stacks ? run_stacks(j) : run_coverage(j);
}
