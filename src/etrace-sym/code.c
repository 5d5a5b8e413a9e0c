#include "code.h"
#include "die.h"
#include "search.h"
#include <stdlib.h>

const struct section *code_sections(const struct elf *e0, size_t *n)
{
	struct elf *e = (struct elf *)e0;
	if (!e->section) {
		e->section = must_calloc(e->n_code + 1, sizeof *e->section);
		for (size_t i = 0; i < e->n_code; i++) {
			struct section *s = &e->section[e->n_section++];
			uint64_t start; size_t sz;
			*s = (struct section){ .addr = e->code[i].lo, .size = e->code[i].hi - e->code[i].lo };
			s->bytes = elf_code(e, e->code[i].lo, &start, &sz);
			if (s->bytes) { s->bytes += s->addr - start; if (sz - (s->addr - start) < s->size) s->size = sz - (s->addr - start); }
		}
	}
	*n = e->n_section;
	return e->section;
}
const struct section *code_section(const struct elf *e, uint64_t addr)
{
	size_t n, i;
	const struct section *s = code_sections(e, &n);
	SEARCH(i, n, s[i].addr + s[i].size <= addr);
	return i < n && addr >= s[i].addr ? &s[i] : NULL;
}
