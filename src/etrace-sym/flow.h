/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What instructions do to the flow of control, by machine: how a block ends.
 */
#ifndef ETRACE_SYM_FLOW_H
#define ETRACE_SYM_FLOW_H

#include "isa.h"
#include "record.h"

struct flow;

/* For the machine with this number of ELF's (e_machine); NULL for one whose instructions are not known. */
struct flow *flow_new(int machine);
void flow_free(struct flow *f);

int flow_machine(const struct flow *f);

/* Whether instructions of the machine have delay slots. */
bool flow_has_slots(const struct flow *f);

enum { STEP_TEXT = 96 };

/* An instruction that was read, and where. */
struct step {
	uint64_t at;
	struct insn insn;
	char text[STEP_TEXT];	/* with one blank after each word; cut */
};

/* How many instructions at the end of a block matter: what prepares a branch, the branch, and its delay slot. */
enum { FLOW_STEPS = 3 };

struct transfer {
	enum end end;		/* END_NONE: of no instruction */
	bool conditional;	/* else it goes on to what comes after it */
	bool direct;		/* it goes to: */
	uint64_t to;
	size_t by;		/* the number of its step */
};

/* How a block ends whose last instructions are the N at S. */
struct transfer flow_end(struct flow *f, const struct step *s, size_t n);

/* The same for a block that is the delay slot of the branch before it, the last of the N steps at S. */
struct transfer flow_end_slot(struct flow *f, const struct step *s, size_t n);

#endif
