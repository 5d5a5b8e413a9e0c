/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells what times are.
 * in:  I ns instructions
 * out: times are instructions
 */
#include "times.h"

#include "die.h"

void times_cut(struct times *t)
{
	if (t->any) {
		t->instructions |= t->says_instructions;
		t->others |= t->says_other || !t->says_instructions;
	}
	t->says_instructions = t->says_other = t->any = false;
}

void times_fact(struct times *t, struct fact f)
{
	t->says_instructions |= fact_means_instructions(f);
	t->says_other |= f.key == FACT_NS && !fact_means_instructions(f);
}

bool times_are_instructions(const struct times *t)
{
	if (t->instructions && t->others)
		warn("the times of some runs are instructions, those of others are not: the event is called ns; "
		     "merge runs of one kind");
	return t->instructions && !t->others;
}
