/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads, one after the other and side by side, more than there are CPUs: each CPU of the trace has several. */
#include <pthread.h>
#include <stdint.h>

#define FUNCTION __attribute__((noipa)) static

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int total, seen;

FUNCTION int leaf(int n)
{
	return n + 1;
}

FUNCTION int depth(int n)
{
	int r = n ? depth(n - 1) : leaf(n);

	seen = n;	/* so that it is no loop */
	return r + 1;
}

FUNCTION void add(int n)
{
	pthread_mutex_lock(&lock);
	total += leaf(n);
	pthread_mutex_unlock(&lock);
}

FUNCTION void *worker(void *arg)
{
	for (int i = 0; i < 100; i++)
		add(depth((int)(intptr_t)arg));
	return arg;
}

/* Ends in the middle of its calls. */
FUNCTION void leaves(int n)
{
	if (n == 0)
		pthread_exit(NULL);
	leaves(n - 1);
	total = n;
}

FUNCTION void *ends(void *arg)
{
	leaves(5);
	return arg;
}

int main(void)
{
	pthread_t t[6];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 4; i++)
			pthread_create(&t[i], NULL, worker, (void *)(intptr_t)i);
		for (int i = 4; i < 6; i++)
			pthread_create(&t[i], NULL, ends, NULL);
		for (int i = 0; i < 6; i++)
			pthread_join(t[i], NULL);
		add(round);
	}
	return 0;
}
