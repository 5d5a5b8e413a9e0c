/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cov: counts how often each function and line of the map was executed, and merges counts.
 * in:  E, F, L and R records; or what it wrote before
 * out: L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4:29,40201a4c+12<TAB>452<TAB>90200
 */
#include <unistd.h>

#include "counter.h"
#include "die.h"
#include "fds.h"
#include "input.h"
#include "out.h"
#include "stream.h"

static const char usage[] =
	"etrace-cov [-bCfqhV] [file ...]\n"
	"  file    record streams, - for standard input (the default): several runs are added up\n"
	"  -b      count branches too, for R records of etrace-sym -b: how often each was taken, and not\n"
	"  -C      calls too, C and S records: who called whom, for K records of etrace-sym -C\n"
	"  -f      take a trace that only says what was seen (chained blocks): counts are 1 or 0\n"
	"  -q      do not say what is unexplained\n"
	"  -h, -V  print this, or the version; --help and --version do too\n";

static bool read_one(struct counter *c, const char *name)
{
	struct stream r;

	if (!stream_open(&r, name, NULL))
		return false;
	counter_read(c, &r);
	return stream_close(&r);
}

int main(int argc, char **argv)
{
	bool branches = false, calls = false, force = false, quiet = false, whole = true;
	struct counter *c;
	struct out out;
	int opt;

	std_fds_check();
	while ((opt = next_option(argc, argv, "bCfqhV")) != -1) {
		switch (opt) {
		case 'b':
			branches = true;
			break;
		case 'C':
			calls = true;
			break;
		case 'f':
			force = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			usage_help(usage);
		case 'V':
			version_help();
		default:
			usage_error();
		}
	}
	input_drain_on_interrupt();
	out_init(&out, STDOUT_FILENO, "standard output");
	c = counter_new(branches, calls, force, quiet, &out);
	stream_begin(&out);
	if (optind == argc)
		whole &= read_one(c, "-");
	for (int i = optind; i < argc; i++)
		whole &= read_one(c, argv[i]);
	whole &= counter_write(c);
	stream_end(&out, whole);
	out_close(&out);
	counter_free(c);
	return whole ? ST_OK : ST_INPUT;
}
