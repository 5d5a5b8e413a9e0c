/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last samples: a ring that forgets the oldest. */
#ifndef RING_H
#define RING_H

enum { RING_SIZE = 8 };

struct ring {
	int sample[RING_SIZE];
	unsigned n;		/* how many were ever put */
};

void ring_put(struct ring *r, int sample);

/* How many samples are in it. */
unsigned ring_fill(const struct ring *r);

/* Of the samples in it; 0 if there are none. */
int ring_mean(const struct ring *r);

#endif
