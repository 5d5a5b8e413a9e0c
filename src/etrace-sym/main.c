/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-sym: appends symbols and source lines to a stream of records, and the map of all code.
 * in:  E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60
 * out: E<TAB>0<TAB>-<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotate.h"
#include "binary.h"
#include "bytes.h"
#include "die.h"
#include "disas.h"
#include "dropped.h"
#include "fact.h"
#include "fds.h"
#include "hot.h"
#include "image.h"
#include "mapout.h"
#include "out.h"
#include "stream.h"
#include "tb.h"
#include "unused.h"

static const char usage[] =
	"etrace-sym [-bdehMnV] [-D dir] [-m machine] elf[@bias] ...\n"
	"  elf         what the guest ran, with symbols and DWARF; several where it ran several\n"
	"  bias        how much higher than linked it was loaded, in hex, if the trace does not say\n"
	"  -b          conditional branches, R records, in the map, for etrace-cov -b\n"
	"  -d          disassemble T records: a D record for each instruction\n"
	"  -D dir      look for separate debug files under dir too (as under /usr/lib/debug)\n"
	"  -e          leave out the map (O, F, L and R records)\n"
	"  -m machine  disassemble for this machine ('objdump -i' lists them; thumb is one too)\n"
	"  -M          leave C++ and Rust names mangled\n"
	"  -n          no trace: write the map of the ELF files, and read nothing\n"
	"  -h, -V      print this, or the version; --help and --version do too\n";

struct options {
	bool branches, disassemble, no_map, no_input, mangled;
	const char *machine, *debug_dir;
};

struct sym {
	struct image *images;
	size_t n;
	struct names *names;
	struct binary *binary;
	struct bytes *bytes;
	struct annotator *annotator;
	struct disas *disas;
	struct mapper *mapper;	/* NULL if no map is wanted */
	bool placed;		/* the trace says no more of where the binary is */
	bool bad;
};

static struct options parse(int argc, char **argv)
{
	struct options o = { .machine = NULL };
	int c;

	while ((c = next_option(argc, argv, "bdD:ehm:MnV")) != -1) {
		switch (c) {
		case 'b':
			o.branches = true;
			break;
		case 'd':
			o.disassemble = true;
			break;
		case 'D':
			o.debug_dir = optarg;
			break;
		case 'e':
			o.no_map = true;
			break;
		case 'h':
			usage_help(usage);
		case 'm':
			o.machine = optarg;
			o.disassemble = true;
			break;
		case 'M':
			o.mangled = true;
			break;
		case 'n':
			o.no_input = true;
			break;
		case 'V':
			version_help();
		default:
			usage_error();
		}
	}
	if (optind == argc && !o.machine)
		die(ST_USAGE, "name the ELF file that the guest ran: etrace-cat trace | etrace-sym vmlinux");
	return o;
}

/* Says what an ELF file has not.  False if there is nothing that tells what its code is. */
static bool check_debug(const struct image *im)
{
	if (!im->elf.no_dwarf)
		return true;
	warn("%s: has no DWARF%s; build it with -g, or give the file that its debug information was moved to",
	     im->elf.path, im->sym.n ? ", so there are functions but no source lines" : " and no functions");
	return im->sym.n;
}

/* Opens the ELF files; one that cannot be opened is left out, after a message. */
static void open_images(struct sym *s, char **paths, int n, const char *debug_dir)
{
	s->images = must_calloc((size_t)n, sizeof *s->images);
	for (int i = 0; i < n; i++) {
		struct image *im = &s->images[s->n];

		if (!elf_open(&im->elf, paths[i], debug_dir)) {
			s->bad = true;
			continue;
		}
		symtab_read(&im->sym, &im->elf, s->names);
		s->bad |= !check_debug(im);
		lines_open(&im->lines, &im->elf);
		dropped_remove(im, s->names);
		s->n++;
	}
}

static void close_images(struct sym *s)
{
	for (size_t i = 0; i < s->n; i++) {
		symtab_free(&s->images[i].sym);
		lines_close(&s->images[i].lines);
		elf_close(&s->images[i].elf);
	}
	free(s->images);
}

static void fact(struct sym *s, struct fact f)
{
	binary_fact(s->binary, f);
	if (f.key == FACT_ADDRESS_BITS)
		annotate_address_bits(s->annotator, field_is(f.value, "32") ? 32 : 64);
	if (f.key == FACT_GUEST_ENDIAN && s->disas)
		disas_big_endian(s->disas, field_is(f.value, "big"));
	/* Before the first block comes what is known of where code is. */
	s->placed |= f.key == FACT_ADDRESS_BITS || f.key == FACT_BINARY_CODE || fact_is(f, FACT_MODE, "system");
}

/* Whether it is known where all code was loaded. */
static bool is_placed(const struct sym *s)
{
	for (size_t i = 0; i < s->n && !s->placed; i++)
		if (s->images[i].elf.movable && !s->images[i].elf.bias_known)
			return false;
	return true;
}

/*
 * While a live trace pauses, or before it begins, there is time for the map.  Returns whether there
 * is more to do.
 */
static bool while_idle(void *sym)
{
	struct sym *s = sym;

	return s->mapper && is_placed(s) && mapout_step(s->mapper);
}

static void block(struct sym *s, const struct tb *tb, struct out *o)
{
	bytes_compare(s->bytes, tb);
	if (s->disas)
		disas_t(s->disas, tb, o);
}

static void filter(struct sym *s, struct stream *r, struct out *o)
{
	struct hot *hot = hot_new(s->annotator);
	struct tb tb = { .n = 0 };
	char *line;
	size_t len;

	r->in.idle = while_idle;
	r->in.idle_arg = s;
	while (hot_run(hot, r, o), stream_next(r, &line, &len)) {
		if (record_is(line, len, 'E')) {
			annotate_e(s->annotator, line, len, o);
			continue;
		}
		if (len && line[0] == '#' && !stream_version_ok(r, line, len))
			break;
		if (stream_note(r, line, len) || (r->line == 1 && stream_is_header(line, len)))
			continue;	/* ours is written already, or comes last */
		line[len] = '\n';
		out_mem(o, line, len + 1);
		if (record_is(line, len, 'I'))
			fact(s, fact_read(line, len));
		else if (record_is(line, len, 'T') && !tb_parse(&tb, line, len))
			stream_malformed(r, line, len, "a T record has cpu, vaddr, paddr, code and host code in hex");
		else if (record_is(line, len, 'T'))
			block(s, &tb, o);
	}
	tb_free(&tb);
	hot_free(hot);
}

/* Whether nothing came at all, which is said: then the map alone would look like a guest that ran nothing. */
static bool is_empty(const struct stream *r)
{
	if (r->line || r->bad || r->in.error)
		return false;
	warn("%s: is empty: the program that was to write it was killed, or what was between dropped all; -n writes "
	     "the map alone", r->in.name);
	return true;
}

int main(int argc, char **argv)
{
	struct options opt = parse(argc, argv);
	struct sym s = { .names = names_new(!opt.mangled) };
	struct stream r;
	struct out o;

	std_fds_check();
	input_drain_on_interrupt();
	out_init(&o, STDOUT_FILENO, "standard output");
	open_images(&s, argv + optind, argc - optind, opt.debug_dir);
	s.binary = binary_new(s.images, s.n);
	s.bytes = bytes_new(s.images, s.n);
	s.annotator = annotate_new(s.images, s.n, s.names);
	if (opt.disassemble) {
		s.disas = disas_new(opt.machine, s.n ? &s.images[0].elf : NULL, s.annotator);
		s.bad |= !s.disas;
	}
	if (!opt.no_map)
		s.mapper = mapout_new(s.images, s.n, s.names, opt.branches, &o);
	stream_begin(&o);
	if (!opt.no_input && !stream_open(&r, "-", &o)) {
		s.bad = true;
	} else if (!opt.no_input) {
		filter(&s, &r, &o);
		s.bad |= is_empty(&r);
		s.bad |= !stream_close(&r);
		s.bad |= !binary_check(s.binary);
		s.bad |= !unused_check(s.images, s.n, s.annotator);
		s.bad |= !bytes_check(s.bytes);
	}
	while (s.mapper && mapout_step(s.mapper))
		;
	s.bad |= s.mapper && !mapout_is_whole(s.mapper);
	for (size_t i = 0; i < s.n; i++)
		s.bad |= !elf_is_whole(&s.images[i].elf);
	stream_end(&o, !s.bad);
	out_close(&o);
	if (s.mapper)
		mapout_free(s.mapper);
	disas_free(s.disas);
	annotate_free(s.annotator);
	bytes_free(s.bytes);
	binary_free(s.binary);
	close_images(&s);
	names_free(s.names);
	return s.bad ? ST_INPUT : ST_OK;
}
