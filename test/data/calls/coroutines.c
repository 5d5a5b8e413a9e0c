/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contexts with stacks of their own: each goes on where it was left, in the middle of its calls. */
#include <ucontext.h>

#define FUNCTION __attribute__((noipa)) static

enum { N = 3 };

static ucontext_t scheduler, tasks[N];
static char stacks[N][65536];
static volatile int current, sum, ended;

FUNCTION void yield(void)
{
	swapcontext(&tasks[current], &scheduler);
}

FUNCTION int leaf(int n)
{
	sum += n;
	return n;
}

FUNCTION int nest(int n)
{
	int r;

	if (n == 0) {
		yield();
		return leaf(1);
	}
	r = nest(n - 1);
	yield();
	return r + leaf(n);
}

/* Depth 0 for the first task, 1 for the second, ...; then it returns, to the scheduler by uc_link. */
FUNCTION void task(void)
{
	for (int i = 0; i < 4; i++)
		nest(current);
	ended++;
}

FUNCTION void run(int n)
{
	current = n;
	swapcontext(&scheduler, &tasks[n]);
	leaf(0);
}

/* Jumps back with setcontext, as longjmp does. */
FUNCTION void jump(ucontext_t *to, int n)
{
	if (n == 0)
		setcontext(to);
	jump(to, n - 1);
	sum++;
}

FUNCTION int jumps(void)
{
	ucontext_t here;
	volatile int times = 0;

	getcontext(&here);
	if (times++ < 3)
		jump(&here, 2);
	return leaf(1);
}

int main(void)
{
	int left[N] = { 5, 9, 13 };	/* one more than there are yields */

	for (int i = 0; i < N; i++) {
		getcontext(&tasks[i]);
		tasks[i].uc_stack.ss_sp = stacks[i];
		tasks[i].uc_stack.ss_size = sizeof stacks[i];
		tasks[i].uc_link = &scheduler;
		makecontext(&tasks[i], task, 0);
	}
	for (int n = 0; n < 27; n++) {
		int i = n % N;

		while (left[i] == 0)
			i = (i + 1) % N;
		left[i]--;
		run(i);
	}
	return jumps() != 1 || ended != N;
}
