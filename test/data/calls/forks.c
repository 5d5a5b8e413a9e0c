/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes: a child goes on where the parent was, and returns from functions that it never called. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FUNCTION __attribute__((noipa)) static

static volatile int seen;

FUNCTION int leaf(int n)
{
	seen++;
	return n + 1;
}

FUNCTION int split(int n)
{
	int pid = fork();

	leaf(n);
	return pid;
}

/* The child returns through all of these. */
FUNCTION int nest(int n)
{
	int pid = n ? nest(n - 1) : split(n);

	leaf(n);
	return pid;
}

FUNCTION void vforks(void)
{
	int status;
	int pid = vfork();

	if (pid == 0) {
		leaf(1);
		_exit(3);
	}
	waitpid(pid, &status, 0);
	leaf(WEXITSTATUS(status));
}

FUNCTION int parent(int pid)
{
	int status;

	waitpid(pid, &status, 0);
	leaf(2);
	return WEXITSTATUS(status);
}

FUNCTION int child(void)
{
	leaf(3);
	leaf(4);
	return 5;
}

int main(void)
{
	int pid;

	vforks();
	pid = nest(4);
	if (pid == 0)
		return child();
	return parent(pid) != 5;
}
