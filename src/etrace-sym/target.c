/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds where branches go.
 * in:  bl 40, read at 40 in .text of an object file, and a relocation there to print, which is at 100
 * out: 100
 */
#include "target.h"

/*
 * The symbol that X at OFF in S goes to, if a relocation is to fill in how far that is; in *R.  Relocations without a
 * symbol are for linkers that make code shorter.
 */
static bool find_reloc(const struct section *s, uint64_t off, const struct insn *x, struct reloc *r)
{
	for (size_t i = relocs_after(s->relocs, off); i < relocs_n(s->relocs); i++) {
		*r = relocs_get(s->relocs, i);
		if (r->off >= off + x->len)
			break;
		if (r->off >= off && (r->section || r->undefined))
			return true;
	}
	return false;
}

/*
 * Before a relocation is applied, the bytes say where the branch would go to if its symbol were at the place of the
 * relocation, but for an addend that is not in the bytes.  RISC-V's assembler does not clear them.  The
 * lowest bit of a symbol may say that it is Thumb.
 */
bool target_find(const struct elf *e, const struct section *s, uint64_t addr, const struct insn *x, uint64_t *to)
{
	struct reloc r;

	*to = x->address;
	if (find_reloc(s, addr - s->addr, x, &r)) {
		if (r.undefined)
			return false;
		*to = e->machine == EM_RISCV ? 0 : *to - (s->addr + r.off);
		*to += (e->machine == EM_ARM ? r.value & -(uint64_t)2 : r.value) + (uint64_t)r.addend;
	}
	if (e->bits == 32)	/* libopcodes computes with 64 bits, whatever the machine */
		*to &= UINT32_MAX;
	return true;
}
