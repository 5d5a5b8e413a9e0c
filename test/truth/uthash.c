/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exercises a part of uthash-dev: macros whose every statement is in one line of this file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utarray.h>
#include <uthash.h>
#include <utlist.h>
#include <utringbuffer.h>
#include <utstack.h>
#include <utstring.h>

struct user {
	int id;
	char name[12];
	UT_hash_handle hh, by_name;
};

static int by_id(const struct user *a, const struct user *b)
{
	return (a->id > b->id) - (a->id < b->id);
}

static int is_even(const void *p)
{
	return !(((const struct user *)p)->id & 1);
}

static void hashes(void)
{
	struct user *users = NULL, *names = NULL, *even = NULL, *u, *next;
	int found = 0, id;

	for (int i = 0; i < 150; i++) {
		u = calloc(1, sizeof *u);
		u->id = i * 37 % 151;
		snprintf(u->name, sizeof u->name, "user%d", i);
		HASH_ADD_INT(users, id, u);
		HASH_ADD_KEYPTR(by_name, names, u->name, strlen(u->name), u);
	}
	for (int i = 0; i < 200; i += 9) {
		HASH_FIND_INT(users, &i, u);
		if (u)
			found++;
		else
			found += 100;
	}
	HASH_FIND(by_name, names, "user77", 6, u);
	printf("found %d, %s is %d\n", found, u ? u->name : "nobody", u ? u->id : -1);
	HASH_SORT(users, by_id);
	HASH_SELECT(by_name, even, hh, users, is_even);
	printf("%u users, %u of them even, first %d\n", HASH_COUNT(users), HASH_CNT(by_name, even), users->id);
	HASH_CLEAR(by_name, even);
	HASH_ITER(hh, users, u, next) {
		if (u->id % 3)
			continue;
		HASH_DEL(users, u);
		free(u);
	}
	id = 5;
	HASH_FIND_INT(users, &id, u);
	if (u)
		HASH_DEL(users, u);
	free(u);
	HASH_ITER(hh, users, u, next) {
		HASH_DEL(users, u);
		free(u);
	}
}

struct item {
	int n;
	struct item *prev, *next;
};

static int by_n(const struct item *a, const struct item *b)
{
	return a->n - b->n;
}

static void lists(void)
{
	static struct item item[40];
	struct item *dl = NULL, *ll = NULL, *x, *y, like = { .n = 13 };
	int count, total = 0;

	for (int i = 0; i < 20; i++) {
		item[i].n = i * 11 % 20;
		DL_APPEND(dl, &item[i]);
		item[20 + i].n = i * 7 % 20;
		if (i & 1)
			LL_PREPEND(ll, &item[20 + i]);
		else
			LL_APPEND(ll, &item[20 + i]);
	}
	DL_SORT(dl, by_n);
	LL_SORT(ll, by_n);
	DL_SEARCH(dl, x, &like, by_n);
	DL_DELETE(dl, x);
	DL_COUNT(dl, x, count);
	LL_FOREACH_SAFE(ll, x, y)
		if (x->n < 5)
			LL_DELETE(ll, x);
	LL_FOREACH(ll, x)
		total += x->n;
	LL_SEARCH_SCALAR(ll, x, n, 3);
	printf("%d %d %d %s\n", count, dl->n, total, x ? "kept" : "gone");
}

static int by_int(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void arrays(void)
{
	UT_array *a;
	UT_string *s;
	UT_ringbuffer *ring;
	struct item *stack = NULL, *top, cell[3];
	int *p, sum = 0, depth;

	utarray_new(a, &ut_int_icd);
	utringbuffer_new(ring, 4, &ut_int_icd);
	for (int i = 0; i < 30; i++) {
		int v = i * 17 % 30;

		utarray_push_back(a, &v);
		utringbuffer_push_back(ring, &v);
	}
	utarray_sort(a, by_int);
	utarray_erase(a, 3, 4);
	for (p = utarray_front(a); p; p = utarray_next(a, p))
		sum += *p;
	for (p = NULL; (p = utringbuffer_next(ring, p));)
		sum -= *p;
	utstring_new(s);
	for (int i = 0; i < 40; i++)
		utstring_printf(s, "%d,", i);
	depth = utstring_find(s, 0, "17,18", 5);
	utstring_bincpy(s, "end", 3);
	for (int i = 0; i < 3; i++)
		STACK_PUSH(stack, &cell[i]);
	STACK_POP(stack, top);
	printf("%u %d %u %d %d\n", utarray_len(a), sum, (unsigned)utstring_len(s), depth, (int)(top - cell));
	utarray_free(a);
	utringbuffer_free(ring);
	utstring_free(s);
}

int main(void)
{
	hashes();
	lists();
	arrays();
	return 0;
}
