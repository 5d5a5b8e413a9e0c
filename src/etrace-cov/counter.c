/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads streams record by record, and writes the sum.
 * in:  E, P, F, L and R records
 * out: F, L, R and U records with what they count together
 */
#include "counter.h"

#include <stdio.h>
#include <stdlib.h>

#include "blocks.h"
#include "branches.h"
#include "callsum.h"
#include "clock.h"
#include "count.h"
#include "die.h"
#include "facts.h"
#include "follow.h"
#include "intern.h"
#include "ran.h"
#include "record.h"
#include "tally.h"
#include "trace.h"
#include "unexplained.h"

struct counter {
	struct intern *objects;	/* what columns "in" say */
	struct trace *trace;	/* the one under way */
	struct blocks *blocks;	/* of the traces before it, placed */
	struct tally *tally;
	struct branches *branches;
	struct follow *flow;	/* NULL without -b */
	struct callsum *calls;	/* those of traces: only with -C */
	bool wants_calls, any_ends, says_repaired;
	uint64_t repairs[REPAIRS], repaired;	/* repaired: those of the counts that were read too */
	struct facts *facts;
	struct clock clock;
	struct out *out;
	struct unexplained *unexplained;
	bool quiet;
	bool force, seen, bad, any_e;
	bool any_unordered;		/* blocks of which it is not known in which order they ran, ... */
	bool any_flow, any_without;	/* ... or at least how often which followed which: it is, or is not */
};

/* The stream says that it knows what was executed, and not how often. */
static void only_seen(struct counter *c, const char *source)
{
	if (!c->force)
		die(ST_INPUT, "%s: this trace cannot be counted: it was recorded with chained blocks, so it misses "
		    "executions; record it with '-d nochain', or take -f to learn only what was seen and what was "
		    "not", source);
	facts_put(c->facts, FACT_COUNTS, "seen");
	trace_unordered(c->trace);
	c->seen = true;
}

/* Adds up how stacks of the trace under way were repaired. */
static void add_repairs(struct counter *c)
{
	const struct calls *calls = trace_calls(c->trace);

	if (!calls)
		return;
	c->any_ends |= calls_any(calls);
	for (int i = 0; i < REPAIRS; i++)
		c->repairs[i] += calls_repairs(calls)[i];
}

/* The trace under way ends, and the next one begins. */
static void new_trace(struct counter *c)
{
	trace_add(c->trace, c->blocks, c->flow, c->calls, unexplained_ranges(c->unexplained));
	add_repairs(c);
	trace_free(c->trace);
	c->trace = trace_new(c->flow, c->wants_calls);
	if (c->seen)
		trace_unordered(c->trace);
}

static void fact(struct counter *c, const char *line, size_t len, const char *source)
{
	struct fact f = fact_read(line, len);
	uint64_t repaired;

	if (f.key == FACT_CALLS_REPAIRED) {
		c->says_repaired = true;
		count_add(&c->repaired, num_parse_dec(f.value.s, f.value.n, &repaired) ? repaired : 0);
		return;
	}
	facts_i(c->facts, line, len);
	clock_fact(&c->clock, f);
	if (fact_means_new_trace(f))
		new_trace(c);
	trace_fact(c->trace, f);
	if (fact_means_seen(f))
		only_seen(c, source);
	else if (fact_means_unsized(f))
		die(ST_INPUT, "%s: the trace does not say where blocks end; etrace-sym finds that out: etrace-cat trace | "
		    "etrace-sym elf | etrace-cov", source);
}

/* ANY: there were E records. */
static void note_blocks(struct counter *c, bool any)
{
	c->any_e |= any;
	c->clock.blocks |= any;
	c->any_unordered |= any && !trace_has_steps(c->trace);
	*(trace_has_steps(c->trace) || trace_is_folded(c->trace) ? &c->any_flow : &c->any_without) |= any;
}

static bool block(struct counter *c, const char *line, size_t len, const char *source)
{
	if (!trace_e(c->trace, line, len))
		return false;
	if (trace_seen_only(c->trace) && !c->seen)
		only_seen(c, source);
	note_blocks(c, true);
	return true;
}

/* False if there is no use in reading on. */
static bool record(struct counter *c, struct stream *r, char *line, size_t len)
{
	char kind = line[0] == '#' || (len > 1 && line[1] == '\t') ? line[0] : 0;
	bool good = true;

	if (!len)
		return true;
	switch (kind) {
	case 'A':
		good = trace_a(c->trace, line, len);
		break;
	case 'C':
		good = callsum_c(c->calls, line, len);
		break;
	case 'E':
		good = block(c, line, len, r->in.name);
		break;
	case 'F':
		good = tally_f(c->tally, line, len);
		break;
	case 'G':
		good = trace_g(c->trace, line, len);
		break;
	case 'K':
		good = trace_k(c->trace, line, len);
		break;
	case 'J':
		good = trace_j(c->trace, line, len);
		break;
	case 'L':
		good = tally_l(c->tally, line, len);
		break;
	case 'P':
		good = trace_p(c->trace, line, len);
		break;
	case 'R':
		good = branches_add(c->branches, line, len);
		break;
	case 'S':
		good = callsum_s(c->calls, line, len);
		break;
	case 'T':
		good = trace_t(c->trace, line, len);
		break;
	case 'U':
		good = unexplained_u(c->unexplained, line, len);
		break;
	case 'W':
		good = trace_w(c->trace, line, len);
		note_blocks(c, good);
		break;
	case 'X':
		good = trace_x(c->trace, line, len);
		break;
	case 'Y':
		good = trace_y(c->trace, line, len);
		break;
	case 'I':
		if (!stream_note(r, line, len))
			fact(c, line, len, r->in.name);
		break;
	case 'O':
		good = facts_o(c->facts, line, len);
		break;
	case '#':
		if (stream_is_header(line, len)) {
			new_trace(c);
			clock_cut(&c->clock);
		}
		return stream_version_ok(r, line, len);
	default:
		if (record_is_of_one_run(kind))
			break;
		line[len] = '\n';
		out_mem(c->out, line, len + 1);
	}
	if (!good)
		stream_malformed(r, line, len);
	return true;
}

struct counter *counter_new(bool branches, bool calls, bool force, bool quiet, struct out *o)
{
	struct counter *c = must_calloc(1, sizeof *c);

	c->objects = intern_new();
	c->trace = trace_new(branches, calls);
	c->blocks = blocks_new(c->objects);
	c->tally = tally_new(c->objects);
	c->branches = branches_new(c->objects);
	c->flow = branches ? follow_new() : NULL;
	c->calls = callsum_new();
	c->wants_calls = calls;
	c->facts = facts_new();
	c->unexplained = unexplained_new();
	c->force = force;
	c->quiet = quiet;
	c->out = o;
	return c;
}

void counter_free(struct counter *c)
{
	facts_free(c->facts);
	tally_free(c->tally);
	branches_free(c->branches);
	follow_free(c->flow);
	callsum_free(c->calls);
	trace_free(c->trace);
	blocks_free(c->blocks);
	unexplained_free(c->unexplained);
	intern_free(c->objects);
	free(c);
}

void counter_read(struct counter *c, struct stream *r)
{
	char *line;
	size_t len;

	new_trace(c);
	clock_cut(&c->clock);
	while (note_blocks(c, trace_run(c->trace, r)), stream_next(r, &line, &len))
		if (!record(c, r, line, len))
			break;
}

/* Says what keeps branches from being counted. */
static void check_branches(struct counter *c)
{
	if (!c->flow) {
		if (c->any_e && branches_any(c->branches))
			warn("the branches of this trace were not counted: give -b");
	} else if (!branches_any(c->branches)) {
		warn("-b: there are no R records: give -b to etrace-sym too");
		c->bad = true;
	} else if (c->any_without) {
		warn("-b: a trace says %s, so which way branches went is not known; record it with etrace-plugin, "
		     "mode=exec, and decode it with -cb, or without -c",
		     c->seen ? "what was seen, and not all that was executed"
			     : "how often blocks were executed, and not in which order");
		c->bad = true;
	}
}

/* Says what keeps calls from being known, or how sure they are. */
static void check_calls(struct counter *c)
{
	static const char *const why[REPAIRS] = {
		[REPAIR_LOST] = "returns to where no call was waiting",
		[REPAIR_GUESSED] = "guesses which of several stacks goes on, or that a function handles signals",
		[REPAIR_MOVED] = "stacks that went on on another CPU",
		[REPAIR_RESUMED] = "returns from an exception to where none came",
	};

	if (c->any_unordered) {
		warn("-C: a trace says how often blocks were executed, and not in which order, so who called whom is not "
		     "known; record it with etrace-plugin, mode=exec, and decode it without -c");
		c->bad = true;
	} else if (!c->any_ends) {
		warn("-C: there are no K records: give -C to etrace-sym too");
		c->bad = true;
	}
	for (int i = 0; i < REPAIRS; i++) {
		if (c->repairs[i])
			warn("-C: %llu %s", (unsigned long long)c->repairs[i], why[i]);
		count_add(&c->repaired, c->repairs[i]);
	}
	c->says_repaired = true;
}

/* How many stacks were repaired, in the traces, and in the counts that were read. */
static void put_repaired(struct counter *c)
{
	char text[NUM_MAX + 1];

	snprintf(text, sizeof text, "%llu", (unsigned long long)c->repaired);
	facts_put(c->facts, FACT_CALLS_REPAIRED, text);
}

static void check(struct counter *c)
{
	const char *two = facts_two_builds(c->facts);

	if (two && c->any_e) {
		warn("%s: two builds of it ran, whose blocks cannot be told apart here: count each run by itself, with "
		     "an etrace-cov of its own, then merge the counts", two);
		c->bad = true;
	}
	if (!tally_is_empty(c->tally))
		return;
	if (c->any_e)
		warn("no record says what code there is: put etrace-sym before etrace-cov, with an ELF file that has "
		     "symbols or DWARF");
	else
		warn("nothing to count: there was no E, F or L record");
	c->bad = true;
}

bool counter_write(struct counter *c)
{
	struct ran_all *ran;

	new_trace(c);
	if (!tally_has_l(c->tally))
		tally_lines_of_blocks(c->tally, c->blocks);
	check(c);
	if (!tally_is_empty(c->tally))
		check_branches(c);
	if (c->wants_calls && c->any_e)
		check_calls(c);
	if (c->flow && c->any_flow)
		branches_count(c->branches, c->blocks, c->flow);
	if (clock_is_mixed(&c->clock))
		facts_put(c->facts, FACT_NS, "virtual-time");
	if (c->says_repaired)
		put_repaired(c);
	facts_write(c->facts, c->out);
	ran = ran_all_new(c->blocks, intern_count(c->objects));
	tally_write(c->tally, ran, c->seen, c->out);
	ran_all_free(ran);
	branches_write(c->branches, c->out);
	callsum_write(c->calls, c->tally, c->out);
	c->bad |= !unexplained_blocks(c->unexplained, c->blocks, c->tally, c->seen, c->quiet);
	unexplained_write(c->unexplained, c->seen, c->out);
	return !c->bad;
}
