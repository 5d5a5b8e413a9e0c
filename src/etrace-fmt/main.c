/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-fmt: renders coverage.
 * in:  L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4<TAB>452<TAB>9800
 * out: DA:9,452
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "die.h"
#include "fds.h"
#include "fmt.h"
#include "input.h"
#include "paths.h"
#include "render.h"

static const char usage[] =
	"etrace-fmt [-hV] [-F name] [-o file] [-t share] [-psx arg] format [file ...]\n"
	"  file        a stream of records from etrace-cov; - or none is standard input\n"
	"  -F name     calls: the callers and callees of this function\n"
	"  -o file     write there, not to standard output; for qcov a directory, not beside the sources\n"
	"  -p prefix   put this directory before source paths that are relative (after -s)\n"
	"  -s prefix   take this directory off source paths; may be given several times\n"
	"  -t share    calls: leave out what took less than so many per cent, not 1; 0 shows all\n"
	"  -x file     leave out what this file lists, a line each: file, file:line or file:from-to\n"
	"  -h, -V      print this, or the version; --help and --version do too\n"
	"formats:\n";

struct options {
	struct render_job job;
	struct path_rules rules;
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

static double percent(const char *arg)
{
	char *end;
	double v = strtod(arg, &end);

	if (end == arg || *end || !(v >= 0 && v <= 100))
		die(ST_USAGE, "-t takes a number from 0 to 100, not '%s'", arg);
	return v;
}

static struct options parse(int argc, char **argv)
{
	static char *standard_input[] = { (char *)"-", NULL };
	struct options o = { .job.view.least = 1 };
	bool views = false;
	int c;

	while ((c = next_option(argc, argv, "F:ho:p:s:t:Vx:")) != -1) {
		views |= c == 'F' || c == 't';
		switch (c) {
		case 'h':
			help();
		case 'V':
			version_help();
		case 'F':
			o.job.view.function = not_empty(c, optarg);
			break;
		case 'o':
			o.job.output = not_empty(c, optarg);
			break;
		case 'p':
			o.rules.prefix = not_empty(c, optarg);
			break;
		case 's':
			add_strip(&o.rules, not_empty(c, optarg));
			break;
		case 't':
			o.job.view.least = percent(optarg);
			break;
		case 'x':
			excludes_read(&o.rules.excludes, optarg);
			break;
		default:
			usage_error();
		}
	}
	o.job.fmt = parse_format(argv[optind]);
	if (views && !o.job.fmt->views)
		die(ST_USAGE, "-F and -t are for the format calls, not for %s", o.job.fmt->name);
	o.job.names = argv[optind + 1] ? argv + optind + 1 : standard_input;
	return o;
}

int main(int argc, char **argv)
{
	struct options o;
	enum status status;

	std_fds_check();
	o = parse(argc, argv);
	o.job.paths = paths_new(&o.rules);
	input_drain_on_interrupt();
	status = render(&o.job);
	paths_free(o.job.paths);
	excludes_free(&o.rules.excludes);
	free(o.rules.strip);
	return status;
}
