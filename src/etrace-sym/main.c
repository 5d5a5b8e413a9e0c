/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-sym: appends symbols and source lines to a stream of records, and the map of all code.
 * in:  E<TAB>0<TAB>-<TAB>:8f21c0a4<TAB>40201a4c<TAB>12<TAB>1<TAB>60
 * out: E<TAB>0<TAB>-<TAB>fw.elf<TAB>40201a4c<TAB>12<TAB>1<TAB>60<TAB>collatz+88<TAB>work.c:9<TAB>-
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotate.h"
#include "binary.h"
#include "bytes.h"
#include "die.h"
#include "disas.h"
#include "fact.h"
#include "fds.h"
#include "known.h"
#include "maps.h"
#include "object.h"
#include "out.h"
#include "place.h"
#include "stream.h"
#include "tb.h"
#include "unsized.h"
#include "unused.h"

static const char usage[] =
	"etrace-sym [-bdehKMnV] [-D dir] [-m machine] elf[@bias] ...\n"
	"  elf         what the guest ran, with symbols and DWARF; several where it ran several\n"
	"  bias        how much higher than linked it was loaded, in hex, if the trace does not say\n"
	"  -b          conditional branches, R records, in the map, for etrace-cov -b\n"
	"  -d          disassemble T records: a D record for each instruction\n"
	"  -D dir      look for separate debug files under dir too (as under /usr/lib/debug)\n"
	"  -e          leave out the map (O, F, L and R records)\n"
	"  -K          make the map anew, rather than use or keep one under ~/.cache/etrace\n"
	"  -m machine  disassemble for this machine ('objdump -i' lists them; thumb is one too)\n"
	"  -M          leave C++ and Rust names mangled\n"
	"  -n          no trace: write the map of the ELF files, and read nothing\n"
	"  -h, -V      print this, or the version; --help and --version do too\n";

struct options {
	struct map_options map;
	bool disassemble, no_map, no_input;
	const char *machine, *debug_dir;
};

struct sym {
	struct names *names;
	struct objects objects;
	struct places *places;
	struct binary *binary;
	struct bytes *bytes;
	struct unsized *unsized;
	struct annotator *annotator;
	struct disas *disas;
	struct maps *maps;	/* NULL if no map is wanted */
	bool bad;
};

static struct options parse(int argc, char **argv)
{
	struct options o = { .map = { .keep = true } };
	int c;

	while ((c = next_option(argc, argv, "bdD:ehKm:MnV")) != -1) {
		switch (c) {
		case 'b':
			o.map.branches = true;
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

/* Opens the ELF files, as the user names them; one that cannot be opened is left out, after a message. */
static void open_objects(struct sym *s, char **as, int n, const char *debug_dir)
{
	s->objects = objects_new((size_t)n);
	for (int i = 0; i < n; i++) {
		struct named x = place_parse(as[i]);
		struct object *ob = objects_open(&s->objects, x.path, debug_dir, s->names);

		if (ob)
			places_add(s->places, ob, &x);
		free(x.path);
	}
	s->bad |= s->objects.bad;
}

static void fact(struct sym *s, struct fact f)
{
	if (fact_means_new_trace(f))
		place_new_trace(s->places);
	if (f.key == FACT_ADDRESS_BITS)
		place_low_halves(s->places, field_is(f.value, "32"));
	if (f.key == FACT_GUEST_ENDIAN && s->disas)
		disas_big_endian(s->disas, field_is(f.value, "big"));
	binary_fact(s->binary, f);
}

/* While a live trace pauses, or before it begins, there is time for the map.  Returns whether there is more to do. */
static bool while_idle(void *sym)
{
	struct sym *s = sym;

	return s->maps && maps_step(s->maps);
}

static void translated(struct sym *s, const struct tb *tb, struct out *o)
{
	bytes_compare(s->bytes, tb);
	if (s->disas)
		disas_t(s->disas, tb, o);
}

/* The fast path for E records; it is for those that are complete. */
static void known(const struct sym *s, struct known *k, struct stream *r, struct out *o)
{
	if (!unsized_any(s->unsized))
		known_run(k, r, o);
}

static bool executed(struct sym *s, const char *line, size_t len, struct out *o)
{
	unsized_complete(s->unsized, &line, &len);
	return annotate_e(s->annotator, line, len, o);
}

static void filter(struct sym *s, struct stream *r, struct out *o)
{
	struct known *k = known_new(s->annotator);
	struct tb tb = { .n = 0 };
	char *line;
	size_t len;

	r->in.idle = while_idle;
	r->in.idle_arg = s;
	while (known(s, k, r, o), stream_next(r, &line, &len)) {
		if (record_is(line, len, 'E')) {
			if (!executed(s, line, len, o))
				stream_malformed(r, line, len);
			continue;
		}
		if (len && line[0] == '#' && !stream_version_ok(r, line, len))
			break;
		if (stream_note(r, line, len) || (r->line == 1 && stream_is_header(line, len)))
			continue;	/* ours is written already, or comes last */
		if (record_is(line, len, 'I') && unsized_fact(s->unsized, fact_read(line, len)))
			continue;
		line[len] = '\n';
		out_mem(o, line, len + 1);
		if (record_is(line, len, 'I'))
			fact(s, fact_read(line, len));
		else if (record_is(line, len, 'T') && !tb_parse(&tb, line, len))
			stream_malformed(r, line, len);
		else if (record_is(line, len, 'T'))
			translated(s, &tb, o);
	}
	tb_free(&tb);
	known_free(k);
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
	struct sym s = { .names = names_new(!opt.map.mangled), .places = places_new() };
	struct stream r;
	struct out o;

	std_fds_check();
	input_drain_on_interrupt();
	out_init(&o, STDOUT_FILENO, "standard output");
	open_objects(&s, argv + optind, argc - optind, opt.debug_dir);
	s.binary = binary_new(&s.objects, s.places);
	s.bytes = bytes_new(&s.objects, s.places);
	s.unsized = unsized_new(&s.objects, s.places);
	s.annotator = annotate_new(s.places, s.names);
	if (opt.disassemble) {
		s.disas = disas_new(opt.machine, s.objects.n ? &s.objects.of[0].elf : NULL, s.annotator);
		s.bad |= !s.disas;
	}
	if (!opt.no_map)
		s.maps = maps_new(&s.objects, s.names, &opt.map, &o);
	stream_begin(&o);
	if (!opt.no_input && !stream_open(&r, "-", &o)) {
		s.bad = true;
	} else if (!opt.no_input) {
		filter(&s, &r, &o);
		s.bad |= is_empty(&r);
		s.bad |= !stream_close(&r);
		s.bad |= !binary_check(s.binary);
		s.bad |= !unused_check(&s.objects, s.places, s.annotator);
		s.bad |= !bytes_check(s.bytes);
		s.bad |= !unsized_check(s.unsized);
	}
	while (s.maps && maps_step(s.maps))
		;
	s.bad |= s.maps && !maps_are_whole(s.maps);
	for (size_t i = 0; i < s.objects.n; i++)
		s.bad |= !elf_is_whole(&s.objects.of[i].elf);
	stream_end(&o, !s.bad);
	out_close(&o);
	maps_free(s.maps);
	disas_free(s.disas);
	annotate_free(s.annotator);
	unsized_free(s.unsized);
	bytes_free(s.bytes);
	binary_free(s.binary);
	places_free(s.places);
	objects_free(&s.objects);
	names_free(s.names);
	return s.bad ? ST_INPUT : ST_OK;
}
