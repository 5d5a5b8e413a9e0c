/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of texts with numbers: open addressing over (hash, number), the texts end to end in one
 * block of memory.
 * in:  intern_put(m, "40200800\t12", 11, &fresh)
 * out: 0, fresh
 */
#include "intern.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"

struct slot {
	uint32_t hash;
	uint32_t id_1;		/* the number + 1; 0 is a free slot */
};

struct entry {
	size_t at;		/* in the text block */
	uint32_t len, hash;
};

struct intern {
	struct slot *slots;
	uint32_t mask;
	struct entry *entries;
	size_t n, cap;
	char *text;
	size_t used, room;
};

struct intern *intern_new(void)
{
	struct intern *m = must_calloc(1, sizeof *m);

	m->mask = 1023;
	m->slots = must_calloc(m->mask + 1, sizeof *m->slots);
	return m;
}

void intern_free(struct intern *m)
{
	if (!m)
		return;
	free(m->slots);
	free(m->entries);
	free(m->text);
	free(m);
}

uint32_t intern_count(const struct intern *m)
{
	return (uint32_t)m->n;
}

/* Multiply and fold, eight bytes a step; the tail is read as one overlapping or one short word. */
static uint32_t hash_bytes(const char *p, size_t len)
{
	const uint64_t k = 0x9e3779b97f4a7c15u;
	uint64_t h = len * k, w;

	for (; len > 8; p += 8, len -= 8) {
		memcpy(&w, p, 8);
		h = (h ^ w) * k;
		h ^= h >> 32;
	}
	w = 0;
	memcpy(&w, p, len);
	h = (h ^ w) * k;
	return (uint32_t)(h ^ h >> 32);
}

static void rehash(struct intern *m)
{
	m->mask = m->mask * 2 + 1;
	free(m->slots);
	m->slots = must_calloc((size_t)m->mask + 1, sizeof *m->slots);
	for (size_t id = 0; id < m->n; id++) {
		uint32_t i = m->entries[id].hash & m->mask;

		while (m->slots[i].id_1)
			i = (i + 1) & m->mask;
		m->slots[i] = (struct slot){ m->entries[id].hash, (uint32_t)id + 1 };
	}
}

static uint32_t add(struct intern *m, const char *key, size_t len, uint32_t hash, uint32_t i)
{
	uint32_t id = (uint32_t)m->n;

	if (len >= UINT32_MAX || m->n >= UINT32_MAX / 2)
		die(ST_SYSTEM, "more names than this program can hold");
	GROW(m->entries, m->n, m->cap);
	if (m->room - m->used <= len) {
		m->room = (m->room + len + 4096) * 2;
		m->text = must_realloc(m->text, m->room, 1);
	}
	memcpy(m->text + m->used, key, len);
	m->text[m->used + len] = 0;
	m->entries[m->n++] = (struct entry){ m->used, (uint32_t)len, hash };
	m->used += len + 1;
	m->slots[i] = (struct slot){ hash, id + 1 };
	if (m->n > m->mask / 2)
		rehash(m);
	return id;
}

/* The slot of a text, or the free one where it would be. */
static inline uint32_t find(const struct intern *m, const char *key, size_t len, uint32_t hash)
{
	uint32_t i = hash & m->mask;

	for (; m->slots[i].id_1; i = (i + 1) & m->mask) {
		const struct entry *e = &m->entries[m->slots[i].id_1 - 1];

		if (m->slots[i].hash == hash && e->len == len && !memcmp(m->text + e->at, key, len))
			break;
	}
	return i;
}

uint32_t intern_put(struct intern *m, const char *key, size_t len, bool *fresh)
{
	uint32_t hash = hash_bytes(key, len), i = find(m, key, len, hash);

	*fresh = !m->slots[i].id_1;
	return *fresh ? add(m, key, len, hash, i) : m->slots[i].id_1 - 1;
}

bool intern_find(const struct intern *m, const char *key, size_t len, uint32_t *id)
{
	*id = m->slots[find(m, key, len, hash_bytes(key, len))].id_1 - 1;
	return *id != UINT32_MAX;
}

const char *intern_text(const struct intern *m, uint32_t id, size_t *len)
{
	const struct entry *e = &m->entries[id];

	if (len)
		*len = e->len;
	return m->text + e->at;
}
