/*
 * Functions whose exceptions come to landing pads, for tests of what leads to each.  Needs no library: it is built for
 * machines, and nothing of it runs.
 */
extern void clean(int *), first(void), second(void), third(void);

#define CLEANED int x __attribute__((cleanup(clean))) = 1

void both(void)
{
	CLEANED;

	first();
	second();
}

void part(int n)
{
	first();
	for (int i = 0; i < n; i++) {
		CLEANED;

		second();
	}
	third();
}

int nested(int n)
{
	CLEANED;

	first();
	if (n) {
		int y __attribute__((cleanup(clean))) = 2;

		second();
		first();
	}
	third();
	return x;
}

void none(void)
{
	first();
	second();
}

/* What the tables refer to. */
__attribute__((noipa)) void clean(int *x)
{
	*x = 0;
}
__attribute__((noipa)) void first(void) { }
__attribute__((noipa)) void second(void) { }
__attribute__((noipa)) void third(void) { }
void __gcc_personality_v0(void) { }
void __gxx_personality_v0(void) { }
void _Unwind_Resume(void) { for (;;); }
void __cxa_end_cleanup(void) { for (;;); }
void __aeabi_unwind_cpp_pr0(void) { }
void __aeabi_unwind_cpp_pr1(void) { }
