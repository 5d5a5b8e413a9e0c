/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ring of samples.
 * in:  ring_put(r, 20), ring_put(r, 24)
 * out: ring_mean(r) == 22
 */
#include "ring.h"

void ring_put(struct ring *r, int sample)
{
	r->sample[r->n % RING_SIZE] = sample;
	r->n++;
}

unsigned ring_fill(const struct ring *r)
{
	if (r->n > RING_SIZE)
		return RING_SIZE;
	return r->n;
}

int ring_mean(const struct ring *r)
{
	unsigned fill = ring_fill(r);
	int sum = 0;

	if (!fill)
		return 0;
	for (unsigned i = 0; i < fill; i++)
		sum += r->sample[i];
	return sum / (int)fill;
}
