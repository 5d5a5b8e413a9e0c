/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-sym: appends symbols and source lines to a stream of records, and the map of all code.
 * in:  E<TAB>0<TAB>-<TAB>:8f21c0a4<TAB>40201a4c<TAB>12<TAB>1<TAB>60
 * out: E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include <stdlib.h>
#include <unistd.h>

#include "annotate.h"
#include "begins.h"
#include "blocks.h"
#include "die.h"
#include "disas.h"
#include "ends.h"
#include "fds.h"
#include "filter.h"
#include "maps.h"
#include "object.h"
#include "out.h"
#include "place.h"
#include "said.h"
#include "stream.h"

static const char usage[] =
	"etrace-sym [-bCdehKMnuV] [-a file] [-c name] [-D dir] [-m machine] elf[@bias] ...\n"
	"  elf         what the guest ran, with symbols and DWARF; several where it ran several\n"
	"  bias        how much higher than linked it was loaded, in hex, if it is not found by its bytes\n"
	"  -a file     what is where: /proc/PID/maps, /proc/modules, 'address path', 'path section address'\n"
	"  -b          conditional branches, R records, in the map, for etrace-cov -b\n"
	"  -c name     print the first bytes of a function, in hex, for etrace-plugin's switch=\n"
	"  -C          how each block ends, K records, for etrace-cov -C\n"
	"  -d          disassemble T records: a D record for each instruction\n"
	"  -D dir      look for separate debug files under dir too (as under /usr/lib/debug)\n"
	"  -e          leave out the map (O, F, L and R records)\n"
	"  -K          make the map anew, rather than use or keep one under ~/.cache/etrace\n"
	"  -m machine  disassemble for this machine ('objdump -i' lists them; thumb is one too)\n"
	"  -M          leave C++ and Rust names mangled\n"
	"  -n          no trace: write the map of the ELF files, and read nothing\n"
	"  -u          use the files too that the trace, or -a, says were mapped: shared libraries\n"
	"  -h, -V      print this, or the version; --help and --version do too\n";

struct options {
	struct map_options map;
	bool ends, disassemble, no_map, no_input, use_mapped;
	const char *machine, *debug_dir, *begins;
	char **said;		/* files of places, N_SAID; its ones are argv's */
	size_t n_said;
};

struct sym {
	struct names *names;
	struct objects objects;
	struct places *places;
	struct blocks *blocks;
	struct mapped *mapped;
	struct annotator *annotator;
	struct disas *disas;
	struct ends *ends;	/* NULL if no K records are wanted */
	struct maps *maps;	/* NULL if no map is wanted */
	bool bad;
};

static struct options parse(int argc, char **argv)
{
	struct options o = { .map = { .keep = true }, .said = must_calloc((size_t)argc, sizeof *o.said) };
	int c;

	while ((c = next_option(argc, argv, "a:bc:CdD:ehKm:MnuV")) != -1) {
		switch (c) {
		case 'a':
			o.said[o.n_said++] = optarg;
			break;
		case 'b':
			o.map.branches = true;
			break;
		case 'c':
			o.begins = optarg;
			break;
		case 'C':
			o.ends = true;
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
		case 'K':
			o.map.keep = false;
			break;
		case 'm':
			o.machine = optarg;
			o.disassemble = true;
			break;
		case 'M':
			o.map.mangled = true;
			break;
		case 'n':
			o.no_input = true;
			break;
		case 'u':
			o.use_mapped = true;
			break;
		case 'V':
			version_help();
		default:
			usage_error();
		}
	}
	if (optind == argc && !o.use_mapped && (o.ends || !o.machine))
		die(ST_USAGE, "name the ELF file that the guest ran: etrace-cat trace | etrace-sym vmlinux");
	return o;
}

/* Places OB as the user names it, or where it was linked, unless it is said elsewhere where it is. */
static void place_object(struct places *p, struct object *ob, const struct named *as, bool said)
{
	if (as->placed || (!said && !object_is_debug(ob, as->path)))
		places_add(p, ob, as);
}

/* Opens the ELF files, as the user names them; one that cannot be opened is left out, after a message. */
static void open_objects(struct sym *s, char **as, int n, const struct options *opt)
{
	struct named *x = must_calloc((size_t)n, sizeof *x);
	struct object **ob = must_calloc((size_t)n, sizeof *ob);
	bool *said = must_calloc((size_t)n, sizeof *said);

	s->objects = objects_new((size_t)n + (opt->use_mapped ? MAPPED_MAX : 0));
	for (int i = 0; i < n; i++) {
		x[i] = place_parse(as[i]);
		ob[i] = objects_open(&s->objects, x[i].path, opt->debug_dir, s->names, true);
	}
	s->mapped = mapped_new(&s->objects, s->places, s->names, opt->debug_dir, opt->use_mapped);
	for (size_t i = 0; i < opt->n_said; i++)
		s->bad |= !said_read(opt->said[i], s->mapped, &s->objects, s->places);
	for (int i = 0; i < n; i++)
		said[i] = ob[i] && place_is_said(s->places, ob[i]);
	for (int i = 0; i < n; i++) {
		if (ob[i])
			place_object(s->places, ob[i], &x[i], said[i]);
		if (ob[i] && ob[i]->elf.only_debug && !opt->no_input)
			warn("%s: has no code, only debug information, so it cannot be found by its bytes; give the file that "
			     "it was split from too", ob[i]->elf.path);
		free(x[i].path);
	}
	free(x);
	free(ob);
	free(said);
	s->bad |= s->objects.bad;
}

/* While a live trace pauses, or before it begins, there is time for the map.  Returns whether there is more to do. */
static bool while_idle(void *maps)
{
	return maps && maps_step(maps);
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

static bool read_trace(struct sym *s, struct out *o)
{
	struct filter *f;
	struct stream r;
	bool ok;

	if (!stream_open(&r, "-", o))
		return false;
	r.in.idle = while_idle;
	r.in.idle_arg = s->maps;
	f = filter_new(&(struct filter_parts){
		&s->objects, s->places, s->blocks, s->annotator, s->disas, s->ends, s->mapped, o,
	});
	filter_run(f, &r);
	ok = !is_empty(&r);
	ok &= stream_close(&r);
	ok &= filter_check(f);
	mapped_check(s->mapped);
	filter_free(f);
	return ok;
}

int main(int argc, char **argv)
{
	struct options opt = parse(argc, argv);
	struct sym s = { .names = names_new(!opt.map.mangled), .places = places_new(),
			 .blocks = blocks_new() };
	struct out o;

	std_fds_check();
	input_drain_on_interrupt();
	out_init(&o, STDOUT_FILENO, "standard output");
	open_objects(&s, argv + optind, argc - optind, &opt);
	if (opt.begins) {
		s.bad |= !begins_put(&s.objects, opt.begins, &o);
		out_close(&o);
		return s.bad ? ST_INPUT : ST_OK;
	}
	if (opt.ends)
		s.ends = ends_new(&s.objects, s.places, s.blocks);
	s.annotator = annotate_new(s.places, s.blocks, s.names, s.ends);
	if (opt.disassemble) {
		s.disas = disas_new(opt.machine, s.objects.n ? &s.objects.of[0].elf : NULL, s.annotator);
		s.bad |= !s.disas;
	}
	if (!opt.no_map)
		s.maps = maps_new(&s.objects, s.names, &opt.map, &o);
	stream_begin(&o);
	if (s.maps)
		maps_kept(s.maps);
	if (!opt.no_input)
		s.bad |= !read_trace(&s, &o);
	while (s.maps && maps_step(s.maps))
		;
	s.bad |= s.maps && !maps_are_whole(s.maps);
	for (size_t i = 0; i < s.objects.n; i++)
		s.bad |= !elf_is_whole(&s.objects.of[i].elf);
	s.bad |= !objects_check(&s.objects);
	stream_end(&o, !s.bad);
	out_close(&o);
	maps_free(s.maps);
	mapped_free(s.mapped);
	disas_free(s.disas);
	annotate_free(s.annotator);
	ends_free(s.ends);
	blocks_free(s.blocks);
	places_free(s.places);
	objects_free(&s.objects);
	names_free(s.names);
	free(opt.said);
	return s.bad ? ST_INPUT : ST_OK;
}
