/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a block ends, of which QEMU tells plugins too much at the end of a page.
 * in:  [40018ff1, 40019000) of 4 instructions, the last one the first 3 bytes of a mov of 4
 * out: [40018ff1, 40018ffd) of 3 instructions
 *
 * QEMU ends a block before an instruction that is partly in the next page.  To see that it is, it
 * reads from it, and what it read it takes for the block's: on x86 an instruction more, up to release
 * 8.0, on Thumb two bytes more of the last instruction, up to 9.0.
 */
#include "extent.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, X86_MAX = 15 };	/* pages may be larger; none is smaller */

/* Whether QEMU's disassembler, which sees the bytes that QEMU read, knows the instruction. */
static bool is_known(const struct qemu_plugin_insn *insn)
{
	char *text = qemu_plugin_insn_disas(insn);
	bool known = text && *text && strncmp(text, ".byte", 5) != 0;

	free(text);
	return known;
}

/* Code of x86 is read from its start on, and no instruction's beginning is an instruction. */
static bool is_cut(const struct qemu_plugin_tb *tb, size_t n, uint64_t end)
{
	uint64_t left = PAGE - (end - 1) % PAGE - 1;

	return n > 1 && left < X86_MAX && is_known(qemu_plugin_tb_get_insn(tb, n - 2)) &&
	       !is_known(qemu_plugin_tb_get_insn(tb, n - 1));
}

static unsigned half(const struct qemu_plugin_insn *insn, size_t at)
{
	const uint8_t *p = qemu_plugin_insn_data_2(insn);

	return p[at] | (unsigned)p[at + 1] << 8;
}

/* A half word that begins an instruction of two (ARMv7-A ARM, A6.1). */
static bool is_wide(unsigned half)
{
	return half >= 0xe800;
}

/* Whether instructions of four bytes that are none of Thumb's are before the last one, so that all are ARM's. */
static bool is_arm(const struct qemu_plugin_tb *tb, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		const struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (qemu_plugin_insn_size(insn) == 4 && !is_wide(half(insn, 0)))
			return true;
	}
	return false;
}

/*
 * How many bytes the last instruction has that are not its own.  An instruction of two bytes and a
 * wide one's beginning look like one of four; so does one of ARM that is alone, which loses two bytes
 * and still counts for where it begins.
 */
static size_t peeked(const struct qemu_plugin_tb *tb, size_t n, uint64_t end)
{
	const struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, n - 1);
	size_t size = qemu_plugin_insn_size(last);

	if (end % PAGE || is_arm(tb, n))
		return 0;
	if (size == 6)
		return 2;
	return size == 4 && !is_wide(half(last, 0)) && is_wide(half(last, 2)) ? 2 : 0;
}

size_t extent(const struct qemu_plugin_tb *tb, const qemu_info_t *info, uint64_t *end)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	const struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, n - 1);
	int api = info->version.cur;

	*end = qemu_plugin_insn_vaddr(last) + qemu_plugin_insn_size(last);
	/* API 2 came with release 9.0, API 3 with 9.1. */
	if (api < 2 && (!strcmp(info->target_name, "x86_64") || !strcmp(info->target_name, "i386"))) {
		if (is_cut(tb, n, *end)) {
			*end = qemu_plugin_insn_vaddr(last);
			n--;
		}
	} else if (api < 3 && !strcmp(info->target_name, "arm")) {
		*end -= peeked(tb, n, *end);
	}
	return n;
}
