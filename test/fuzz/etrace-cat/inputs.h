/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An input of etrace-cat, in every way that it can be decoded: all of them count the same.
 */
#ifndef ETRACE_FUZZ_INPUTS_H
#define ETRACE_FUZZ_INPUTS_H

#include "count.h"
#include "fact.h"
#include "fuzz.h"
#include "in.h"
#include "steps.h"

/* What the records of a stream add up to. */
struct fuzz_sum {
	uint64_t count, ns;
	uint64_t steps;		/* of a CPU from a block to its next one, where they are known */
	bool seen;		/* how often blocks ran is not known, of some at least */
	bool exec;		/* there are EXEC packets: a step from their blocks to those of RUN packets is not known */
};

/* The trace at hand. */
struct fuzz_trace {
	bool *ran;		/* by CPU: there was a block */
	uint64_t steps;
	bool unordered, folded;	/* folded: J records are the steps */
};

static inline void fuzz_trace_begin(struct fuzz_trace *t)
{
	*t = (struct fuzz_trace){ .ran = must_calloc(UINT16_MAX + 1, sizeof *t->ran) };
}

static inline void fuzz_trace_end(struct fuzz_trace *t, struct fuzz_sum *sum)
{
	if (!t->unordered)
		count_add(&sum->steps, t->steps);
	free(t->ran);
}

static inline void fuzz_fact(struct fuzz_trace *t, struct fuzz_sum *sum, struct fact f)
{
	if (fact_means_new_trace(f)) {
		fuzz_trace_end(t, sum);
		fuzz_trace_begin(t);
	}
	t->unordered |= fact_means_unordered(f) || fact_means_seen(f);
	t->folded |= fact_means_folded(f);
	sum->exec |= f.key == FACT_ADDRESS_BITS;
}

/* A CPU ran COUNT blocks. */
static inline void fuzz_ran(struct fuzz_trace *t, struct fuzz_sum *sum, struct field cpu, uint64_t count)
{
	uint64_t n;

	FUZZ_CHECK(num_parse_dec(cpu.s, cpu.n, &n) && n <= UINT16_MAX);
	count_add(&sum->count, count);
	if (!t->folded && count)
		count_add(&t->steps, count - !t->ran[n]);
	t->ran[n] = true;
}

/* Adds what the blocks of a walk took: each is there, and its steps are as many as it says. */
static inline void fuzz_walk(const struct record_w *w, struct fuzz_sum *sum)
{
	struct steps s = { w->steps.s, w->steps.s + w->steps.n, w->count };
	struct run_node *node = must_calloc(w->steps.n + 1, sizeof *node);
	uint64_t *ns = must_calloc(w->steps.n + 1, sizeof *ns), firsts;
	struct field blocks = w->blocks;
	struct walk_block b;
	uint32_t n = 1, at = 0, to = 0;
	enum steps_to kind;

	for (; record_walk_block(&blocks, &b); n++) {
		FUZZ_CHECK(n <= w->steps.n);
		ns[n] = b.ns;
	}
	FUZZ_CHECK(!blocks.n);
	do {
		kind = steps_next(&s, &firsts, &to);
		FUZZ_CHECK(kind != STEPS_BAD);
		for (; firsts; firsts--) {
			run_first(&node[at]);
			at = node[at].first;
			FUZZ_CHECK(at);
			count_add(&sum->ns, ns[at]);
		}
		if (kind == STEPS_END)
			break;
		to = kind == STEPS_SECOND ? run_second(&node[at]) : to;
		FUZZ_CHECK(to && to < n);
		run_step(&node[at], to);
		at = to;
		count_add(&sum->ns, ns[at]);
	} while (true);
	free(node);
	free(ns);
}

static inline void fuzz_record(struct fuzz_trace *t, struct fuzz_sum *sum, const char *line, size_t len)
{
	struct record_e e;
	struct record_w w;
	struct record_j j;

	switch (len ? *line : 0) {
	case 'E':
		FUZZ_CHECK(record_read_e(line, len, &e));
		sum->seen |= !e.count_known;
		fuzz_ran(t, sum, e.cpu, e.count);
		count_add(&sum->ns, e.ns);
		break;
	case 'W':
		FUZZ_CHECK(record_read_w(line, len, &w));
		fuzz_ran(t, sum, w.cpu, w.count);
		fuzz_walk(&w, sum);
		break;
	case 'J':
		FUZZ_CHECK(record_read_j(line, len, &j) && j.count);
		count_add(&t->steps, j.count);
		break;
	case 'I':
		fuzz_fact(t, sum, fact_read(line, len));
		break;
	}
}

static inline struct fuzz_sum fuzz_decode(const struct in_kind *kind, const uint8_t *data, size_t size,
					  struct in_options options)
{
	struct fuzz_text text;
	struct fuzz_sum sum = { .seen = false };
	struct fuzz_trace trace;
	struct input in;
	struct out out;

	fuzz_out(&out, &text);
	input_attach(&in, fuzz_file(data, size), "fuzz", 4096, &out);
	in_recognise(&in);
	kind->decode(&in, &out, &options);
	input_close(&in);
	fuzz_out_end(&out);
	fuzz_trace_begin(&trace);
	for (char *line = text.s, *end = text.s + text.n, *nl; line < end; line = nl + 1) {
		FUZZ_CHECK(nl = memchr(line, '\n', (size_t)(end - line)));
		fuzz_record(&trace, &sum, line, (size_t)(nl - line));
	}
	fuzz_trace_end(&trace, &sum);
	free(text.s);
	return sum;
}

static inline void fuzz_input(const struct in_kind *kind, const uint8_t *data, size_t size)
{
	struct fuzz_sum plain = fuzz_decode(kind, data, size, (struct in_options){ .fold = false });
	struct fuzz_sum timed = fuzz_decode(kind, data, size, (struct in_options){ .times = true });
	struct fuzz_sum walks = fuzz_decode(kind, data, size, (struct in_options){ .walks = true, .times = true });
	struct fuzz_sum folded = fuzz_decode(kind, data, size, (struct in_options){ .fold = true });
	struct fuzz_sum steps = fuzz_decode(kind, data, size, (struct in_options){ .fold = true, .steps = true });

	FUZZ_CHECK(plain.count == timed.count && plain.ns == timed.ns);
	FUZZ_CHECK(plain.count == walks.count && plain.ns == walks.ns && plain.steps == walks.steps);
	FUZZ_CHECK(folded.seen || (plain.count == folded.count && plain.ns == folded.ns));
	FUZZ_CHECK(folded.count == steps.count && folded.ns == steps.ns);
	FUZZ_CHECK(plain.exec ? steps.steps <= plain.steps : steps.steps == plain.steps);
}

#define FUZZ_INPUT(kind) \
	extern const struct in_kind kind; \
	\
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) \
	{ \
		fuzz_input(&kind, data, size); \
		return 0; \
	}

#endif
