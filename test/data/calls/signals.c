/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals: nested, on a stack of their own, left by siglongjmp, of a fault; and longjmp through many frames. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FUNCTION __attribute__((noipa)) static

static volatile int level, deepest, handled[32];
static sigjmp_buf back;
static jmp_buf out;

FUNCTION int work(int n)
{
	int s = 0;

	for (int i = 0; i < n; i++)
		s += i ^ n;
	return s;
}

FUNCTION void send(int number)
{
	raise(number);
}

/* Each but the last raises the next. */
FUNCTION void nested(int number)
{
	static const int next[32] = { [SIGUSR1] = SIGUSR2, [SIGUSR2] = SIGHUP };

	handled[number]++;
	if (++level > deepest)
		deepest = level;
	work(number);
	if (next[number])
		send(next[number]);
	level--;
}

FUNCTION void on_stack(int number, siginfo_t *info, void *context)
{
	char local[16];

	(void)context;
	handled[number] += info->si_signo == number;
	memset(local, number, sizeof local);
	work(local[3]);
}

FUNCTION void leave(int number)
{
	handled[number]++;
	work(5);
	siglongjmp(back, number);
}

FUNCTION void jump(int depth)
{
	work(depth);
	if (depth == 0)
		longjmp(out, 7);
	jump(depth - 1);
	work(1000);	/* never */
}

FUNCTION int jumps(void)
{
	int n = setjmp(out);

	if (n == 0)
		jump(12);
	return n + work(3);
}

FUNCTION int fault(volatile int *p)
{
	int n = sigsetjmp(back, 1);

	if (n == 0) {
		work(4);
		*p = 1;
	}
	return n;
}

FUNCTION int raised(int number)
{
	int n = sigsetjmp(back, 1);

	if (n == 0)
		send(number);
	return n;
}

FUNCTION void handle(int number, void (*handler)(int))
{
	struct sigaction a = { .sa_handler = handler };

	sigaction(number, &a, NULL);
}

FUNCTION int by_number(const void *a, const void *b)
{
	send(SIGCONT);
	return *(const int *)a - *(const int *)b;
}

int main(void)
{
	static char memory[65536];
	stack_t stack = { .ss_sp = memory, .ss_size = sizeof memory };
	struct sigaction alternate = { .sa_sigaction = on_stack, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	int sum = 0;
	int *page;

	handle(SIGUSR1, nested);
	handle(SIGUSR2, nested);
	handle(SIGHUP, nested);
	for (int i = 0; i < 5; i++)
		send(SIGUSR1);
	sigaltstack(&stack, NULL);
	sigaction(SIGCONT, &alternate, NULL);
	for (int i = 0; i < 3; i++)
		send(SIGCONT);
	for (int i = 0; i < 5; i++) {
		int numbers[] = { i, 3 };

		qsort(numbers, 2, sizeof *numbers, by_number);
		sum += numbers[0];
	}
	for (int i = 0; i < 4; i++)
		sum += jumps();
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	handle(SIGSEGV, leave);
	handle(SIGTERM, leave);
	for (int i = 0; i < 6; i++)
		sum += fault(page) + raised(SIGTERM);
	printf("%d %d %d %d %d %d\n", deepest, handled[SIGUSR1], handled[SIGHUP], handled[SIGCONT], handled[SIGSEGV], sum);
	return 0;
}
