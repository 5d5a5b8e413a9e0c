/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ELF@BIAS as the user writes it, and addresses of the guest there.
 * in:  any bytes: the name of a file up to a NUL, then addresses
 * out: nothing, if all is well
 */
#include "fuzz.h"
#include "num.h"
#include "objects.h"

/* What NAME is parsed as: itself, or a path and the bias that is in it after its last @. */
static struct named parse(const char *name)
{
	struct named x = place_parse(name);
	size_t n = strlen(x.path);
	uint64_t bias;

	FUZZ_CHECK(!strncmp(name, x.path, n));
	if (x.placed)
		FUZZ_CHECK(name[n] == '@' && num_parse_hex(name + n + 1, strlen(name + n + 1), &bias) && bias == x.bias);
	else
		FUZZ_CHECK(!name[n] && !x.bias);
	return x;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_objects *x = fuzz_objects();
	struct places *p = places_new();
	size_t n = strnlen((const char *)data, size);
	char *name = strndup((const char *)data, n);
	struct named as = parse(name);
	struct out o;

	fuzz_out(&o, NULL);
	for (size_t i = 0; i < x->objects.n; i++)
		places_add(p, &x->objects.of[i], &as);
	place_low_halves(p, n & 1);
	n += n < size;	/* the NUL */
	for (uint64_t at; n + sizeof at <= size; n += sizeof at) {
		struct linked found;

		memcpy(&at, data + n, sizeof at);
		found = place_block(p, (struct guest){ at }, &o);
		FUZZ_CHECK(!found.in || elf_is_code(&found.in->elf, found.addr));
		FUZZ_CHECK(found.in == place_find(p, (struct guest){ at }).in);
	}
	fuzz_out_end(&o);
	places_free(p);
	free(as.path);
	free(name);
	return 0;
}
