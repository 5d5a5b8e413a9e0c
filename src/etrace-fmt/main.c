/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-fmt: renders coverage.
 * in:  L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4<TAB>452<TAB>9800
 * out: DA:9,452
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "coverage.h"
#include "die.h"
#include "fds.h"
#include "fmt.h"
#include "input.h"
#include "order.h"
#include "outfile.h"
#include "paths.h"
#include "stream.h"

static const char usage[] =
	"etrace-fmt [-hV] [-o file] [-p prefix] [-s prefix] [-x file] format [file ...]\n"
	"  file        a stream of records from etrace-cov; - or none is standard input\n"
	"  -o file     write there, not to standard output; for qcov a directory, not beside the sources\n"
	"  -p prefix   put this directory before source paths that are relative (after -s)\n"
	"  -s prefix   take this directory off source paths; may be given several times\n"
	"  -x file     leave out what this file lists, a line each: file, file:line or file:from-to\n"
	"  -h, -V      print this, or the version; --help and --version do too\n"
	"formats:\n";

struct options {
	const struct fmt *fmt;
	const char *output;	/* or NULL */
	struct path_rules rules;
	char **names;		/* of the inputs, with a NULL after the last */
};

/* The usage text ends with the formats that there are. */
static noreturn void help(void)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		die(ST_SYSTEM, "no memory left");
	fputs(usage, f);
	fmt_list(f);
	if (fclose(f))
		die(ST_SYSTEM, "no memory left");
	usage_help(text);
}

static const struct fmt *parse_format(const char *name)
{
	const struct fmt *fmt = name ? fmt_find(name) : NULL;

	if (fmt)
		return fmt;
	if (name)
		warn("there is no format '%s'; there are", name);
	else
		warn("which format? There are");
	fmt_list(stderr);
	exit(ST_USAGE);
}

/* An empty prefix or file is most likely a shell variable that is not set. */
static const char *not_empty(int opt, const char *arg)
{
	if (!*arg)
		die(ST_USAGE, "-%c: is empty", opt);
	return arg;
}

static void add_strip(struct path_rules *r, const char *prefix)
{
	GROW(r->strip, r->n_strip, r->cap_strip);
	r->strip[r->n_strip++] = prefix;
}

static struct options parse(int argc, char **argv)
{
	static char *standard_input[] = { (char *)"-", NULL };
	struct options o = { .output = NULL };
	int c;

	while ((c = next_option(argc, argv, "ho:p:s:Vx:")) != -1) {
		switch (c) {
		case 'h':
			help();
		case 'V':
			version_help();
		case 'o':
			o.output = not_empty(c, optarg);
			break;
		case 'p':
			o.rules.prefix = not_empty(c, optarg);
			break;
		case 's':
			add_strip(&o.rules, not_empty(c, optarg));
			break;
		case 'x':
			excludes_read(&o.rules.excludes, optarg);
			break;
		default:
			usage_error();
		}
	}
	o.fmt = parse_format(argv[optind]);
	o.names = argv[optind + 1] ? argv + optind + 1 : standard_input;
	return o;
}

static enum status run_stream(const struct options *o, struct paths *paths)
{
	struct outfile *file = outfile_new();
	struct stream in;
	struct out *out = NULL;
	bool good = true;

	for (char **name = o->names; *name; name++) {
		if (!stream_open(&in, *name, NULL)) {
			good = false;
			continue;
		}
		if (!out && !(out = outfile_open(file, o->output)))
			return ST_SYSTEM;
		in.in.tie = out;
		o->fmt->stream(&in, paths, out);
		good = stream_close(&in) && good;
	}
	if (out && !outfile_close(file))
		return ST_SYSTEM;
	if (out && !good)
		warn("what was written is incomplete; see above");
	return good ? ST_OK : ST_INPUT;
}

/* False if an input was missing or anything in it was wrong. */
static bool collect(struct coverage *c, char **names)
{
	struct stream in;
	bool good = true;

	for (; *names && !c->events; names++) {
		if (!stream_open(&in, *names, NULL)) {
			good = false;
			continue;
		}
		coverage_read(c, &in);
		if (c->events)
			warn("%s: holds E records, not counts: put etrace-cov before etrace-fmt", in.in.name);
		good = stream_close(&in) && good;
	}
	return good && !c->events;
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

static enum status render(const struct options *o, const struct coverage *c)
{
	struct outfile *file;
	struct out *out;
	bool good;

	if (o->fmt->tree)
		return o->fmt->tree(c, o->output);
	file = outfile_new();
	out = outfile_open(file, o->output);
	if (!out)
		return ST_SYSTEM;
	good = o->fmt->report(c, out);
	return !outfile_close(file) ? ST_SYSTEM : good ? ST_OK : ST_INPUT;
}

static enum status run_coverage(const struct options *o, struct paths *paths)
{
	enum status status = ST_INPUT;
	struct coverage c;
	bool good;

	coverage_init(&c, paths);
	c.profile = o->fmt->profile ? profile_new() : NULL;
	good = collect(&c, o->names);
	if (has_lines(&c, good)) {
		c.incomplete = !good;
		if (!good)
			warn("the report is incomplete, and says so; see above");
		coverage_sort(&c);
		status = render(o, &c);
	}
	coverage_free(&c);
	return good || status ? status : ST_INPUT;
}

int main(int argc, char **argv)
{
	struct options o;
	struct paths *paths;
	enum status status;

	std_fds_check();
	o = parse(argc, argv);
	paths = paths_new(&o.rules);
	input_drain_on_interrupt();
	status = o.fmt->stream ? run_stream(&o, paths) : run_coverage(&o, paths);
	paths_free(paths);
	excludes_free(&o.rules.excludes);
	free(o.rules.strip);
	return status;
}
