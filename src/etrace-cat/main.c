/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cat: decodes a binary QEMU execution trace into a stream of records.
 * in:  boot.etrace
 * out: E<TAB>0<TAB>-<TAB>40200800<TAB>12<TAB>1<TAB>681
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "die.h"
#include "fds.h"
#include "in.h"
#include "input.h"
#include "out.h"
#include "pkt.h"
#include "stream.h"
#include "serve.h"

#define SOCKET "unix:"

static const char usage[] =
	"etrace-cat [-bcehkptVW] [-f input] [-w 32|64] [trace]\n"
	"  trace      a file, - for standard input (the default), or unix:PATH for a socket\n"
	"  -b         with -c: and how often which block followed which, for branches\n"
	"  -c         fold: each block of a CPU once, with how often it ran; order is given up\n"
	"  -e         with -k: end when standard input does, as soon as no trace is under way\n"
	"  -f input   what the trace is, if its first bytes do not tell\n"
	"  -k         keep a socket: take all connections, several at once too, until ^C\n"
	"  -p         read nothing: wait until a trace begins on standard input; 1 if it ends before that\n"
	"  -t         give each E record the time of its start, in virtual ns\n"
	"  -w 32|64   the width of addresses in the trace, where it says it wrongly\n"
	"  -W         write the blocks that run one after the other as one record, where the trace has that\n"
	"  -h, -V     print this, or the version; --help and --version do too\n"
	"inputs:\n";

struct options {
	struct in_options in;
	const struct in_kind *kind;	/* NULL: find out */
	bool keep, end, peek;
	const char *name;
};

/* The usage text ends with the inputs that there are. */
static noreturn void help(void)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		die(ST_SYSTEM, "no memory left");
	fputs(usage, f);
	in_list(f);
	if (fclose(f))
		die(ST_SYSTEM, "no memory left");
	usage_help(text);
}

static struct options parse(int argc, char **argv)
{
	struct options o = { .name = "-" };
	int c;

	while ((c = next_option(argc, argv, "bcef:hkptVWw:")) != -1) {
		switch (c) {
		case 'b':
			o.in.steps = true;
			break;
		case 'c':
			o.in.fold = true;
			break;
		case 'e':
			o.end = true;
			break;
		case 'f':
			o.kind = in_named(optarg);
			break;
		case 'h':
			help();
		case 'V':
			version_help();
		case 'k':
			o.keep = true;
			break;
		case 'p':
			o.peek = true;
			break;
		case 't':
			o.in.times = true;
			break;
		case 'W':
			o.in.walks = true;
			break;
		case 'w':
			if (strcmp(optarg, "32") && strcmp(optarg, "64"))
				die(ST_USAGE, "-w takes 32 or 64, not '%s'", optarg);
			o.in.bits = (unsigned)atoi(optarg);
			break;
		default:
			usage_error();
		}
	}
	if (argc - optind > 1)
		die(ST_USAGE, "one trace at a time; cat traces | etrace-cat decodes several");
	if (optind < argc)
		o.name = argv[optind];
	if (o.keep && strncmp(o.name, SOCKET, strlen(SOCKET)))
		die(ST_USAGE, "-k is for a socket, unix:PATH");
	if (o.end && !o.keep)
		die(ST_USAGE, "-e says when -k ends: take both");
	if (o.in.steps && !o.in.fold)
		die(ST_USAGE, "-b folds the order of blocks with them: take -c too");
	if (o.in.fold && o.in.times)
		die(ST_USAGE, "-t gives each execution its time, -c adds them up: take one of them");
	if (o.in.fold && o.in.walks)
		die(ST_USAGE, "-W keeps the order of blocks, -c gives it up: take one of them");
	if (o.peek && strcmp(o.name, "-"))
		die(ST_USAGE, "-p is for standard input");
	return o;
}

/* Waits until there is something to read, which is left there, or nothing more to come. */
static enum status peek(void)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	int n = 0;

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	return !ioctl(STDIN_FILENO, FIONREAD, &n) && n > 0 ? ST_OK : ST_INPUT;
}

/* Decodes what is open.  False if anything was wrong. */
static bool decode(const struct options *o, struct input *in, struct out *out)
{
	const struct in_kind *kind = o->kind ? o->kind : in_recognise(in);
	bool good = kind && kind->decode(in, out, &o->in);

	input_close(in);
	out_flush(out);
	return good;
}

/*
 * What is to be out before the input waits.  With -c little comes before the end, and etrace-sym has time for the
 * map unless that little comes in drops.
 */
static struct out *tie(const struct options *o, struct out *out)
{
	return o->in.fold ? NULL : out;
}

static bool decode_named(const struct options *o, struct out *out)
{
	struct input in;

	if (input_open(&in, o->name, PKT_WHOLE_MAX, tie(o, out)))
		return decode(o, &in, out);
	if (input_stopped())
		warn("%s: stopped by %s before anything came", o->name, input_stop_name());
	return false;
}

static bool decode_connection(const void *options, int fd, struct out *out)
{
	const struct options *o = options;
	struct input in;

	input_attach(&in, fd, o->name, PKT_WHOLE_MAX, tie(o, out));
	return decode(o, &in, out);
}

/* Takes all connections.  With -e and none of them a trace nothing is written, not even the header. */
static enum status keep(const struct options *o, struct out *out)
{
	const char *path = o->name + strlen(SOCKET);
	enum status status = serve(&(struct service){ o->name, path, decode_connection, o, o->end ? STDIN_FILENO : -1 }, out);

	if (o->end && out->len) {
		warn("%s: no trace came", o->name);
		exit(ST_INPUT);
	}
	return status;
}

int main(int argc, char **argv)
{
	struct options o;
	struct out out;
	enum status status;

	std_fds_check();
	o = parse(argc, argv);
	if (o.peek)
		return peek();
	out_init(&out, STDOUT_FILENO, "standard output");
	input_stop_on_signals();
	stream_begin(&out);
	if (!o.end)
		out_flush(&out);	/* so that it is missed if this process is killed */
	if (o.keep)
		status = keep(&o, &out);
	else
		status = decode_named(&o, &out) ? ST_OK : ST_INPUT;
	stream_end(&out, status == ST_OK);
	out_close(&out);
	return status;
}
