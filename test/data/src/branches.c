/*
 * Branches of all kinds, for tests that compare how often each was taken.  Needs no library: it is built
 * for many machines, on most of which it ends by a fault.
 */
static volatile int sink;

static unsigned next(unsigned *s)
{
	*s = *s * 1664525u + 1013904223u;
	return *s >> 8;
}

static int early(int x, const int *p)
{
	if (!p)
		return -1;
	if (x < 3)
		return 2;
	sink = x;
	return sink + *p;
}

static int classify(unsigned v)
{
	switch (v & 7) {
	case 0:
		return 4;
	case 1:
		return 1;
	case 4:
		return 9;
	case 6:
		return 7;
	default:
		return 0;
	}
}

static int sums(const int *a, int n)
{
	int s = 0;

	for (int i = 0; i < n; i++) {
		if (a[i] < 0)
			s -= a[i];
		else if (a[i] & 0x40)
			s += 2;
		if ((a[i] > 100 && a[i] < 50000) || a[i] == 7)
			s ^= a[i];
		s += a[i] > 5000 ? 3 : n;
	}
	return s;
}

static long long wide(unsigned long long x, long long y)
{
	long long r = 1;

	while (x) {
		if (x & 1)
			r += y;
		if (r < y)
			r ^= (long long)x;
		x >>= 1;
	}
	return r;
}

static int compare(const char *a, const char *b)
{
	do {
		if (*a != *b)
			return *a - *b;
	} while (*a++ && *b++);
	return 0;
}

/* A function that many machines leave by a return on a condition. */
static __attribute__((noinline)) void bump(int x)
{
	if (x < 3)
		return;
	while (x--)
		sink += x;
}

static int never(int x)
{
	if (x)
		return 3;
	while (x < 9)
		x += sink;
	return x;
}

int run(void);
int run(void)
{
	unsigned s = 1;
	int a[10], sum = 0;

	for (int k = 0; k < 6; k++) {
		for (int i = 0; i < 10; i++)
			a[i] = (int)next(&s) - 0x800000 * (k & 1);
		sum += sums(a, 10) + early(k, k % 2 ? a : 0) + classify(next(&s));
		sum += (int)wide(next(&s), a[3]);
		sum += compare("hello", k & 2 ? "hello" : "help");
		bump(k);
		if (k == 17)
			sum += never(k);
	}
	return sum;
}

#ifdef FREESTANDING
#ifdef __alpha__
__asm__(".globl start\n.ent start\nstart: br $27, 1f\n1: ldgp $29, 0($27)\n	jsr $26, begin\n.end start");
#define start begin
#endif
void start(void);
void start(void)
{
	sink = run();
#ifdef __aarch64__
	__asm__ volatile("mov x8, #93\nmov x0, #0\nsvc #0");
#endif
	for (;;)
		*(volatile int *)0 = 1;
}
#else
int main(void)
{
	return run() == 0;
}
#endif
